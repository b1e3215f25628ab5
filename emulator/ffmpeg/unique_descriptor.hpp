#pragma once

#include <unistd.h>

#include <utility>

namespace bluebatch::emulator::ffmpeg {

// A file descriptor with an owner.
class UniqueDescriptor {
public:
    UniqueDescriptor() = default;
    explicit UniqueDescriptor(int descriptor) : descriptor_(descriptor) {}
    UniqueDescriptor(UniqueDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    UniqueDescriptor& operator=(UniqueDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~UniqueDescriptor() { close(); }

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    void close() {
        if (int const old = std::exchange(descriptor_, -1); old >= 0) ::close(old);
    }

private:
    int descriptor_ = -1;
};

}  // namespace bluebatch::emulator::ffmpeg
