#pragma once

#include <string_view>

namespace bluebatch::codec {

// Why a JSON text that somebody sent is refused before it is parsed, or nullptr: a hostile one would use up
// the stack or the time of whoever parses it.
char const* fault_of_json_shape(std::string_view text);

}  // namespace bluebatch::codec
