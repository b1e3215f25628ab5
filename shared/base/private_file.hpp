#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::base {

// Files that nobody but their owner may read. All throw std::system_error that names the file when they
// can't; no file may be a link.

// Nothing when there is no such file. One that others can read is closed to them, and a warning says so with
// the `remedy`: they may have read it already, but refusing it would not undo that.
std::optional<std::string> read_private_file(std::filesystem::path const& file, std::string_view remedy);

enum class Sync : std::uint8_t { no, yes };  // whether the bytes are to outlast a loss of power

// In the place of whatever has the name, and for nobody else from its first moment.
void write_private_file(std::filesystem::path const& file, std::string_view bytes, Sync sync = Sync::no);

// Whoever opens the file finds the old bytes or all of the new ones.
void replace_private_file(std::filesystem::path const& file, std::string_view bytes, Sync sync = Sync::no);

// Makes an empty file unless there is one; one that others can read is closed to them.
void make_private(std::filesystem::path const& file);

}  // namespace bluebatch::base
