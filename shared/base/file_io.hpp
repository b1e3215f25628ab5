#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bluebatch::base {

// All go on until everything is done and throw std::system_error, which says what they were `doing` or with
// which file, when the system refuses; read_all() also when the file ends before.
void write_all(int descriptor, std::string_view bytes, char const* doing = "write");
// From `offset`, wherever the descriptor's position is; it stays there.
void write_all_at(int descriptor, std::uint64_t offset, std::string_view bytes, char const* doing = "pwrite");
// Makes the file that long, whatever it held beyond.
void cut_off(int descriptor, std::uint64_t size, char const* doing = "ftruncate");
// Fills `into` from `offset`.
void read_all(int descriptor, std::uint64_t offset, std::span<char> into, char const* doing = "pread");

}  // namespace bluebatch::base
