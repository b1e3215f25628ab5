#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
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
    // Whether bytes can be written anywhere, and more than once.
    bool is_seekable() const { return !path_.empty(); }
    // In a pipe the place must be where the last bytes ended.
    bool write(std::uint64_t offset, std::span<std::byte const> bytes);
    // Behind what was appended before.
    bool append(std::span<std::byte const> bytes);
    // How many came, up to the end.
    std::optional<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const;
    bool truncate(std::uint64_t size);
    // On the disk and in its place.
    bool publish();

private:
    std::filesystem::path target_;
    std::filesystem::path path_;  // empty when the target itself is written to
    int descriptor_ = -1;
    std::uint64_t written_ = 0;  // to a pipe, or appended
};

}  // namespace bluebatch::client
