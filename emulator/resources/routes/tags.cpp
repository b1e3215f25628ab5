#include "emulator/resources/routes/call.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::resources::routes {

namespace {

constexpr std::size_t kLongestTagName = 512;
constexpr std::size_t kLongestTagValue = 256;
constexpr std::size_t kMostTags = 50;

// In characters, however many bytes each has.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

bool is_reserved(char c) {
    return std::string_view("<>%&\\?/").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

// Tags that the portal makes for itself hold ids of resources.
bool may_have_any(std::string_view name) {
    return base::starts_with_ignoring_case(name, "hidden-") || base::starts_with_ignoring_case(name, "link:");
}

// `part` is a key or a value, which is a name or a value of a tag.
Refusal too_long(std::string code, std::string_view part, std::string_view what, std::size_t most) {
    return {
        400,
        std::move(code),
        fmt::format(
            "Tag {} too large. The tag {} exceeded the maximum length. Maximum allowed length for tag {} - "
            "'{}' "
            "characters.",
            part,
            what,
            what,
            most
        )};
}

std::optional<Refusal> fault_of_name(std::string_view name) {
    if (base::trim(name).empty())
        return Refusal{
            400,
            "InvalidTagName",
            "The tag name must be non-null, non-empty and non-whitespace only. Please provide an actual "
            "value."};
    if (length_of(name) > kLongestTagName) return too_long("InvalidTagName", "key", "name", kLongestTagName);
    if (std::ranges::any_of(name, is_reserved) && !may_have_any(name))
        return Refusal{
            400,
            "InvalidTagNameCharacters",
            fmt::format(
                "The tag names '{}' have reserved characters '<,>,%,&,\\,?,/' or control characters.", name
            )};
    return std::nullopt;
}

std::optional<Refusal> fault_of_value(std::string_view name, Json const& value) {
    if (!value.is_string())
        return Refusal{
            400,
            "InvalidRequestContent",
            fmt::format(
                "The request content was invalid and could not be deserialized: 'Error reading string. Path "
                "'tags.{}'.'.",
                name
            )};
    auto const& text = value.get_ref<std::string const&>();
    if (length_of(text) > kLongestTagValue)
        return too_long("InvalidTagValueLength", "value", "value", kLongestTagValue);
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> fault_of_tags(Json const& tags) {
    if (!tags.is_object())
        return Refusal{400, "InvalidTagsInRequest", "The tags of a resource are an object of texts."};
    if (tags.size() > kMostTags)
        return Refusal{
            400,
            "InvalidTags",
            fmt::format("A resource has {} tags at most, not {}.", kMostTags, tags.size())};
    for (auto const& [name, value] : tags.items()) {
        if (auto fault = fault_of_name(name)) return fault;
        if (auto fault = fault_of_value(name, value)) return fault;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::resources::routes
