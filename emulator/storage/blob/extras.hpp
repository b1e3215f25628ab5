#pragma once

#include "emulator/storage/blob/records.hpp"

#include <string>
#include <string_view>

// What few blobs and containers have stands together in one column, so that the many do not pay for it.
namespace bluebatch::emulator::storage::blob {

// "" for a blob without any.
std::string extras_of(Blob const& blob);
void read_extras(std::string_view column, Blob& blob);

std::string extras_of(Container const& container);
void read_extras(std::string_view column, Container& container);

}  // namespace bluebatch::emulator::storage::blob
