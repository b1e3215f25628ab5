#include "emulator/storage/full_disk.hpp"

#include "emulator/storage/sqlite.hpp"

#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::storage {

bool is_full_disk(std::exception const& error) {
    if (auto const* const failure = dynamic_cast<StorageError const*>(&error)) return failure->is_full();
    auto const* const failure = dynamic_cast<std::system_error const*>(&error);
    if (failure == nullptr) return false;
    auto const code = failure->code().value();
    return code == ENOSPC || code == EDQUOT || code == EFBIG;
}

}  // namespace bluebatch::emulator::storage
