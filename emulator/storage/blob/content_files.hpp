#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace bluebatch::emulator::storage::blob {

// An owned descriptor.
class OpenFile {
public:
    explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
    ~OpenFile();
    OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    OpenFile& operator=(OpenFile&&) = delete;
    int descriptor() const { return descriptor_; }
    // The caller closes it from now on.
    int release() && { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

// The files of contents, in two levels of folders of at most 4096 entries each. Failures throw
// std::system_error. Thread-safe.
class ContentFiles {
public:
    explicit ContentFiles(std::filesystem::path folder);

    std::filesystem::path path_of(std::int64_t content_id) const;
    // Moves a finished file of the same file system into its place.
    void adopt(std::filesystem::path const& file, std::int64_t content_id) const;
    void write(std::string_view bytes, std::int64_t content_id) const;
    // For reading; nothing when the file is not there (any more).
    std::optional<OpenFile> open(std::int64_t content_id) const;
    // Nothing happens when it is not there.
    void remove(std::int64_t content_id) const;

private:
    void make_folder_of(std::filesystem::path const& path) const;

    std::filesystem::path folder_;
};

// A content's file between its arrival and the commit of the row that names it: removed unless kept.
class StagedFile {
public:
    StagedFile(ContentFiles const& files, std::int64_t content_id)
        : files_(&files), content_id_(content_id) {}
    ~StagedFile();
    StagedFile(StagedFile&& other) noexcept
        : files_(std::exchange(other.files_, nullptr)), content_id_(other.content_id_) {}
    StagedFile& operator=(StagedFile&&) = delete;
    void keep() { files_ = nullptr; }

private:
    ContentFiles const* files_;
    std::int64_t content_id_;
};

}  // namespace bluebatch::emulator::storage::blob
