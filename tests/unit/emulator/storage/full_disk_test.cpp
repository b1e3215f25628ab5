#include "emulator/storage/full_disk.hpp"

#include "emulator/storage/sqlite.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace bluebatch::emulator::storage {
namespace {

TEST(FullDisk, IsKnownByTheErrorsOfTheSystemAndOfTheDatabase) {
    constexpr int kFull = 13;  // SQLITE_FULL
    constexpr int kBusy = 5;   // SQLITE_BUSY
    auto const system = [](int code) { return std::system_error(code, std::generic_category()); };
    for (int const code : {ENOSPC, EDQUOT, EFBIG})
        EXPECT_TRUE(is_full_disk(system(code))) << code;
    EXPECT_TRUE(is_full_disk(
        std::filesystem::filesystem_error("", std::make_error_code(std::errc::no_space_on_device))
    ));
    EXPECT_TRUE(is_full_disk(StorageError(kFull, "full")));

    EXPECT_FALSE(is_full_disk(system(EACCES)));
    EXPECT_FALSE(is_full_disk(StorageError(kBusy, "busy")));
    EXPECT_FALSE(is_full_disk(std::runtime_error("No space left on device")));
}

}  // namespace
}  // namespace bluebatch::emulator::storage
