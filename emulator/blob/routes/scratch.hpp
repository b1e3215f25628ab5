#pragma once

#include "shared/http/message.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace bluebatch::emulator::blob::routes {

// Up to here an answer is sent as text, in one system call with its head.
inline constexpr std::uint64_t kTextLimit = 64 << 10;

// An unnamed file that grows while pieces of memory are appended to it.
class Scratch {
public:
    explicit Scratch(std::filesystem::path folder) : folder_(std::move(folder)) {}
    http::FileSlice append(std::string_view bytes);
    // Takes no space.
    http::FileSlice append_hole(std::uint64_t length);

private:
    void open();

    std::filesystem::path folder_;
    std::shared_ptr<http::FileHandle const> file_;
    std::uint64_t size_ = 0;
};

}  // namespace bluebatch::emulator::blob::routes
