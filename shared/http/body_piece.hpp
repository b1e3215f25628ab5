#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace bluebatch::http {

// Memory in which a part of a large body arrives. Each part costs system calls, an acknowledgement to the
// sender and a hand-over to the digest, so parts are large; when many bodies arrive at once, further ones are
// small. Large ones go back to a stock of the process, of which a few stay for the next body.
class BodyPiece {
public:
    static constexpr std::size_t kLarge = 512 << 10;
    static constexpr std::size_t kSmall = 64 << 10;
    static constexpr std::size_t kMostLarge = 64;  // at once in the process

    // No memory.
    BodyPiece() = default;
    static BodyPiece take();
    ~BodyPiece();
    BodyPiece(BodyPiece&& other) noexcept
        : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
    BodyPiece& operator=(BodyPiece&& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(size_, other.size_);
        return *this;
    }

    std::span<char> memory() const { return {memory_.get(), size_}; }
    std::size_t size() const { return size_; }

private:
    class Stock;

    BodyPiece(std::unique_ptr<char[]> memory, std::size_t size) : memory_(std::move(memory)), size_(size) {}

    std::unique_ptr<char[]> memory_;
    std::size_t size_ = 0;
};

}  // namespace bluebatch::http
