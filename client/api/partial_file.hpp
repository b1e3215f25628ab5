#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace bluebatch::client {

// A new file beside its final place, removed again unless it gets there: a target is never half written. A
// link stays, and what it leads to is replaced. A device or a pipe can't be replaced and is written to
// itself.
class PartialFile {
public:
    explicit PartialFile(std::filesystem::path target);
    ~PartialFile();
    PartialFile(PartialFile const&) = delete;
    PartialFile& operator=(PartialFile const&) = delete;

    // Failures leave their reason in errno.
    bool is_open() const { return descriptor_ >= 0; }
    bool restart();
    bool append(std::span<std::byte const> bytes);
    bool publish();

private:
    std::filesystem::path target_;
    std::filesystem::path path_;  // empty when the target itself is written to
    int descriptor_ = -1;
    bool has_begun_ = false;
};

}  // namespace bluebatch::client
