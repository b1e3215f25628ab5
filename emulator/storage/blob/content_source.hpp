#pragma once

#include "emulator/storage/blob/content_files.hpp"
#include "emulator/storage/blob/content_pins.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace bluebatch::emulator::storage::blob {

// A file that bytes of blobs are read from. Used by one thread at a time.
class ContentSource {
public:
    explicit ContentSource(base::UniqueDescriptor file) : file_(std::move(file)) {}
    // Opened when it is first needed; the pin keeps it in its place.
    ContentSource(std::filesystem::path path, std::shared_ptr<ContentPins::Pin const> pin)
        : path_(std::move(path)), pin_(std::move(pin)) {}

    // Throws std::system_error when the file can't be opened.
    int descriptor() const;
    // Closes what descriptor() can open again.
    void rest() const;
    // `length` bytes; throws when the file ends before.
    std::string read(std::uint64_t offset, std::uint64_t length) const;

private:
    std::filesystem::path path_;
    std::shared_ptr<ContentPins::Pin const> pin_;
    mutable base::UniqueDescriptor file_;
};

// A file without a name, for what is read from many small contents and is too much for memory.
class ScratchFile {
public:
    explicit ScratchFile(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Where the bytes begin in the file.
    std::uint64_t append(std::string_view bytes);
    // Valid once something has been appended.
    std::shared_ptr<ContentSource const> const& source() const { return source_; }

private:
    std::filesystem::path folder_;
    std::shared_ptr<ContentSource const> source_;
    std::uint64_t size_ = 0;
};

}  // namespace bluebatch::emulator::storage::blob
