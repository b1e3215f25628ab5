#pragma once

#include "emulator/storage/blob/content_pins.hpp"
#include "emulator/storage/blob/unread_contents.hpp"
#include "emulator/storage/disk.hpp"
#include "shared/base/spare_files.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// The files of contents, in two levels of folders of at most 4096 entries each. What adopt() and write() have
// put in its place is as durable as the disk makes it. Failures throw std::system_error. Thread-safe.
class ContentFiles {
public:
    // What is retired may stay as one of the spare files.
    explicit ContentFiles(
        std::filesystem::path folder,
        Disk& disk = lazy_disk(),
        std::shared_ptr<base::SpareFiles> spares = nullptr
    );

    std::filesystem::path path_of(std::int64_t content_id) const;
    // Moves a finished file of the same file system into its place.
    void adopt(std::filesystem::path const& file, std::int64_t content_id) const;
    void write(std::string_view bytes, std::int64_t content_id) const;
    // Where to open it for reading, if it is there.
    std::filesystem::path path_for_reader(std::int64_t content_id) const;
    // For reading; nothing when the file is not there (any more).
    std::optional<base::UniqueDescriptor> open(std::int64_t content_id) const;
    // Nothing happens when it is not there.
    void remove(std::int64_t content_id) const;
    // The same, but a large one that nobody has read may become a spare file.
    void retire(std::int64_t content_id) const;
    // Which files the cleaner must leave in their places.
    ContentPins& pins() const { return *pins_; }
    // Makes the removal of these durable.
    void sync_removals(std::vector<std::int64_t> const& content_ids) const;

private:
    // The folder is there, and as durable as the disk makes it, for everybody whom this has returned to.
    std::filesystem::path prepare_path_of(std::int64_t content_id) const;

    std::filesystem::path folder_;
    Disk& disk_;
    mutable std::mutex folders_mutex_;
    mutable std::unordered_set<std::int64_t> folders_;  // prepared by this process
    std::shared_ptr<base::SpareFiles> spares_;
    mutable UnreadContents unread_;
    std::shared_ptr<ContentPins> pins_ = std::make_shared<ContentPins>();
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
