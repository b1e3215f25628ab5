#pragma once

#include "shared/http/message.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace bluebatch::http {

// All three go on until everything is done and throw std::system_error when the system refuses. A file that
// is shorter than its slice throws too.
void write_all(int descriptor, std::string_view bytes);
// Fills `into` from `offset`.
void read_all(int descriptor, std::uint64_t offset, std::span<char> into);
// Appends the slice at `target`'s position, inside the kernel where it can.
void copy_all(FileSlice const& slice, int target);

}  // namespace bluebatch::http
