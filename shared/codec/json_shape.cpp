#include "shared/codec/json_shape.hpp"

#include <array>
#include <cstddef>

namespace bluebatch::codec {

namespace {

// The deepest body of the services has nine levels. The bound keeps a hostile one from using up the stack:
// values are copied and destroyed by recursion.
constexpr std::size_t kDeepestBody = 32;
// Members are looked up one after the other, so their number is bounded too; the largest object has some
// sixty.
constexpr std::size_t kMostMembers = 1000;

}  // namespace

char const* fault_of_json_shape(std::string_view text) {
    std::array<std::size_t, kDeepestBody + 1> members{};
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (in_string && c == '\\') {
            // No text of the services has NUL in it, and C interfaces would take it for the end.
            if (text.substr(i + 1, 5) == "u0000") return "The body holds a NUL character";
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > kDeepestBody) return "The body is nested too deeply";
            members.at(depth) = 0;
        } else if (!in_string && c == ':') {
            if (++members.at(depth) > kMostMembers) return "An object of the body has too many members";
        } else if (!in_string && (c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return nullptr;
}

}  // namespace bluebatch::codec
