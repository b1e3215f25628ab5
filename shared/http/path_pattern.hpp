#pragma once

#include "shared/http/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::http {

// A raw path cut at its slashes, once per request. One slash at the end is ignored; an empty segment
// elsewhere, or more than kMost segments, leaves nothing that a pattern matches.
class SplitPath {
public:
    static constexpr std::size_t kMost = 32;

    explicit SplitPath(std::string_view path);
    std::size_t size() const { return size_; }
    bool well_formed() const { return well_formed_; }
    std::string_view operator[](std::size_t index) const { return segments_[index]; }
    // From that segment to the end, slashes included.
    std::string_view from(std::size_t index) const;

private:
    std::array<std::string_view, kMost> segments_;
    std::size_t size_ = 0;
    bool well_formed_ = true;
};

// What the braces of a pattern took from a path, percent-decoded.
class PathParameters {
public:
    void add(std::string_view name, std::string value) { values_.push_back({name, std::move(value)}); }
    // "" for a name that the pattern does not have.
    std::string_view operator[](std::string_view name) const;
    std::size_t size() const { return values_.size(); }

private:
    struct Value {
        std::string_view name;
        std::string value;
    };
    std::vector<Value> values_;
};

// "/pools/{poolId}/nodes". Literals compare without case, after decoding.
class PathPattern {
public:
    explicit PathPattern(std::string_view pattern);
    bool matches(SplitPath const& path) const;
    PathParameters parameters(SplitPath const& path) const;
    // Orders patterns: the more specific one is less. One digit per segment.
    std::string const& specificity() const { return specificity_; }
    // True when both match exactly the same paths.
    bool same_shape(PathPattern const& other) const;

private:
    enum class Kind : std::uint8_t { literal, parameter, rest };
    struct Segment {
        Kind kind;
        std::string_view text;  // the literal, or the parameter's name
    };
    static Segment parse(std::string_view text);

    std::vector<Segment> segments_;
    std::string specificity_;
    bool takes_rest_ = false;
};

// "comp=block&restype=container". Names compare without case.
class QueryPattern {
public:
    explicit QueryPattern(std::string_view pattern);
    bool matches(RequestHead const& head) const;
    std::size_t size() const { return terms_.size(); }
    friend bool operator==(QueryPattern const&, QueryPattern const&) = default;

private:
    struct Term {
        std::string_view name;
        std::string_view value;  // empty: any value
        friend bool operator==(Term const&, Term const&) = default;
    };
    std::vector<Term> terms_;
};

// The api-versions that know an operation, both ends included; empty is open. Versions begin with a date, so
// they compare as text.
struct ApiVersions {
    std::string_view first;
    std::string_view last;

    bool hold(std::string_view version) const;
    bool overlap(ApiVersions const& other) const;
};

}  // namespace bluebatch::http
