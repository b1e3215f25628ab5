#pragma once

#include "emulator/blob/query/expression.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

// JSON that is looked at where it lies: no tree is built, so that a record costs no more memory than its
// text.
namespace bluebatch::emulator::blob::query::json {

struct Fault {
    std::size_t at = 0;         // the byte that does not fit; the size of the text when it ends too early
    std::string_view expected;  // "'}', or a name"
};
// Whether the text is one value, with nothing behind it. Deeper than 128 levels is a fault.
std::optional<Fault> find_fault(std::string_view text);

bool is_blank(char letter);

// The rest takes text that find_fault has passed, and values that these functions gave out.
bool is_object(std::string_view value);
bool is_array(std::string_view value);
// Ends early when `visit` says false, and says so itself.
using VisitMember = std::function<bool(std::string_view name, std::string_view value)>;
bool for_each_member(std::string_view object, VisitMember const& visit);  // names still as JSON strings
using VisitElement = std::function<bool(std::string_view value)>;
bool for_each_element(std::string_view array, VisitElement const& visit);

std::optional<std::string_view> find(std::string_view value, PathStep const& step);
std::string decode_string(std::string_view text);
// Strings, numbers and words become what they are, objects and arrays stay JSON.
Value to_value(std::string_view value);
// The same, but numbers stay to the letter what they were.
Value to_exact_value(std::string_view value);
void append_string(std::string& out, std::string_view text);

}  // namespace bluebatch::emulator::blob::query::json
