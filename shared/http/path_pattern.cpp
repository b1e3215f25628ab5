#include "shared/http/path_pattern.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace bluebatch::http {

namespace {

bool same_literal(std::string_view literal, std::string_view raw) {
    if (raw.find('%') != std::string_view::npos)
        return base::equal_ignoring_case(literal, percent_decode(raw));
    return literal.size() == raw.size() && base::equal_ignoring_case(literal, raw);
}

}  // namespace

SplitPath::SplitPath(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return;
    for (;;) {
        auto const end = std::min(path.find('/'), path.size());
        if (end == 0 || size_ == kMost) {
            well_formed_ = false;
            return;
        }
        segments_[size_++] = path.substr(0, end);
        if (end == path.size()) return;
        path.remove_prefix(end + 1);
    }
}

std::string_view SplitPath::from(std::size_t index) const {
    auto const* const begin = segments_[index].data();
    auto const last = segments_[size_ - 1];
    return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

std::string_view PathParameters::operator[](std::string_view name) const {
    for (auto const& entry : values_) {
        if (entry.name == name) return entry.value;
    }
    return {};
}

PathPattern::Segment PathPattern::parse(std::string_view text) {
    if (!text.starts_with('{')) return {Kind::literal, text};
    if (!text.ends_with('}')) throw std::logic_error("a path pattern lacks a brace: " + std::string(text));
    auto name = text.substr(1, text.size() - 2);
    if (!name.ends_with('*')) return {Kind::parameter, name};
    name.remove_suffix(1);
    return {Kind::rest, name};
}

PathPattern::PathPattern(std::string_view pattern) {
    SplitPath const split(pattern);
    if (!split.well_formed()) throw std::logic_error("a malformed path pattern: " + std::string(pattern));
    for (std::size_t i = 0; i < split.size(); ++i) {
        if (takes_rest_) throw std::logic_error("a rest is not last in its pattern: " + std::string(pattern));
        segments_.push_back(parse(split[i]));
        specificity_.push_back(static_cast<char>('0' + static_cast<int>(segments_.back().kind)));
        takes_rest_ = segments_.back().kind == Kind::rest;
    }
}

bool PathPattern::matches(SplitPath const& path) const {
    if (!path.well_formed()) return false;
    if (takes_rest_ ? path.size() < segments_.size() : path.size() != segments_.size()) return false;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        if (segments_[i].kind == Kind::literal && !same_literal(segments_[i].text, path[i])) return false;
    }
    return true;
}

PathParameters PathPattern::parameters(SplitPath const& path) const {
    PathParameters parameters;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        auto const& [kind, text] = segments_[i];
        if (kind == Kind::parameter) parameters.add(text, percent_decode(path[i]));
        if (kind == Kind::rest) parameters.add(text, percent_decode(path.from(i)));
    }
    return parameters;
}

bool PathPattern::same_shape(PathPattern const& other) const {
    return std::ranges::equal(segments_, other.segments_, [](Segment const& left, Segment const& right) {
        if (left.kind != right.kind) return false;
        return left.kind != Kind::literal || base::equal_ignoring_case(left.text, right.text);
    });
}

QueryPattern::QueryPattern(std::string_view pattern) {
    if (pattern.empty()) return;
    for (auto const part : base::split(pattern, '&')) {
        auto const equals = std::min(part.find('='), part.size());
        terms_.push_back({part.substr(0, equals), part.substr(std::min(equals + 1, part.size()))});
    }
    std::ranges::sort(terms_, {}, &Term::name);
}

bool QueryPattern::matches(RequestHead const& head) const {
    return std::ranges::all_of(terms_, [&](Term const& term) {
        auto const value = head.find_query_ignoring_case(term.name);
        return value && (term.value.empty() || *value == term.value);
    });
}

bool ApiVersions::hold(std::string_view version) const {
    if (version.empty()) return true;
    return (first.empty() || version >= first) && (last.empty() || version <= last);
}

bool ApiVersions::overlap(ApiVersions const& other) const {
    bool const starts_in_time = first.empty() || other.last.empty() || first <= other.last;
    bool const ends_in_time = last.empty() || other.first.empty() || other.first <= last;
    return starts_in_time && ends_in_time;
}

}  // namespace bluebatch::http
