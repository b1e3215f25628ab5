#pragma once

#include <unistd.h>

#include <utility>

namespace bluebatch::base {

// Owns a file descriptor; a negative one is none.
class UniqueDescriptor {
public:
    UniqueDescriptor() = default;
    explicit UniqueDescriptor(int descriptor) : descriptor_(descriptor) {}
    UniqueDescriptor(UniqueDescriptor&& other) noexcept : descriptor_(other.release()) {}
    UniqueDescriptor& operator=(UniqueDescriptor&& other) noexcept {
        UniqueDescriptor taken(std::move(other));
        std::swap(descriptor_, taken.descriptor_);
        return *this;
    }
    ~UniqueDescriptor() { close(); }

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }
    void close() {
        if (int const old = release(); old >= 0) ::close(old);
    }

private:
    int descriptor_ = -1;
};

}  // namespace bluebatch::base
