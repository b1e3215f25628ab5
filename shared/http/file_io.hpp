#pragma once

#include "shared/http/message.hpp"

#include <functional>
#include <span>

namespace bluebatch::http {

// Appends the slice at `target`'s position, inside the kernel where it can. Goes on until everything is done
// and throws std::system_error when the system refuses or the file is shorter than its slice.
void copy_all(FileSlice const& slice, int target);

// Hands the slice to `take`, piece by piece, and lets its file rest. Throws as read_all() does.
void read_in_pieces(FileSlice const& slice, std::function<void(std::span<char const>)> const& take);

}  // namespace bluebatch::http
