#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::wire {

// Certificates are named by keys in parentheses, which no pattern of a route reads:
//     /certificates(thumbprintAlgorithm=sha1,thumbprint=0a1b)/canceldelete
// is made
//     /certificates()/sha1/0a1b/canceldelete
// Nothing for every other path, and for keys that are not these two.
std::optional<std::string> plain_certificate_path(std::string_view path);

}  // namespace bluebatch::emulator::batch::wire
