#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::files {

// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    int get() const { return descriptor_; }
    bool is_open() const { return descriptor_ >= 0; }
    int release() {
        int const released = descriptor_;
        descriptor_ = -1;
        return released;
    }

private:
    int descriptor_;
};

// The path without empty and "." steps; nothing for an absolute one and for one that goes up or has a NUL in
// it.
std::optional<std::string> clean_path(std::string_view path);

// Opens a cleaned path below a folder. Links are followed as long as they stay below it; on kernels without
// openat2 they are not followed at all. An empty path is the folder itself.
Descriptor open_beneath(int folder, std::string const& clean, int flags);

}  // namespace bluebatch::emulator::batch::files
