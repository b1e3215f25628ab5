#include "shared/http/message.hpp"

#include "shared/base/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace bluebatch::http {

namespace {

struct VerbName {
    Verb verb;
    std::string_view name;
};

constexpr auto kVerbs = std::to_array<VerbName>({
    {Verb::get, "GET"},
    {Verb::head, "HEAD"},
    {Verb::put, "PUT"},
    {Verb::post, "POST"},
    {Verb::remove, "DELETE"},
    {Verb::patch, "PATCH"},
    {Verb::options, "OPTIONS"},
    {Verb::merge, "MERGE"},
});

bool same_name(std::string_view left, std::string_view right) {
    return left.size() == right.size() && base::equal_ignoring_case(left, right);
}

void remove_quietly(std::filesystem::path const& path) {
    if (path.empty()) return;
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

}  // namespace

std::string_view to_string(Verb verb) {
    for (auto const& row : kVerbs) {
        if (row.verb == verb) return row.name;
    }
    return {};
}

Verb parse_verb(std::string_view method) {
    for (auto const& row : kVerbs) {
        if (row.name == method) return row.verb;
    }
    return Verb::other;
}

void Headers::set(std::string_view name, std::string value) {
    auto const first =
        std::ranges::find_if(fields_, [&](Field const& field) { return same_name(field.name, name); });
    if (first == fields_.end()) return add(name, std::move(value));
    first->value = std::move(value);
    auto const rest = std::remove_if(std::next(first), fields_.end(), [&](Field const& field) {
        return same_name(field.name, name);
    });
    fields_.erase(rest, fields_.end());
}

void Headers::add(std::string_view name, std::string value) {
    fields_.push_back({std::string(name), std::move(value)});
}

void Headers::erase(std::string_view name) {
    std::erase_if(fields_, [&](Field const& field) { return same_name(field.name, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (auto const& field : fields_) {
        if (same_name(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::string_view Headers::get(std::string_view name) const {
    return find(name).value_or(std::string_view{});
}

std::optional<std::string_view> RequestHead::find_query(std::string_view name) const {
    for (auto const& parameter : query) {
        if (parameter.name == name) return parameter.value;
    }
    return std::nullopt;
}

std::optional<std::string_view> RequestHead::find_query_ignoring_case(std::string_view name) const {
    for (auto const& parameter : query) {
        if (same_name(parameter.name, name)) return parameter.value;
    }
    return std::nullopt;
}

FileHandle::~FileHandle() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

SpooledFile::~SpooledFile() {
    remove_quietly(path_);
}

SpooledFile& SpooledFile::operator=(SpooledFile&& other) noexcept {
    if (this != &other) {
        remove_quietly(path_);
        path_ = std::exchange(other.path_, {});
    }
    return *this;
}

std::uint64_t Response::body_size() const {
    std::uint64_t size = text.size();
    for (auto const& slice : slices)
        size += slice.length;
    return size;
}

}  // namespace bluebatch::http
