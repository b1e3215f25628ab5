#include "client/api/upload.hpp"

#include "shared/base/digest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::uint64_t kMostInOneRequest = 16 << 20;
constexpr std::uint64_t kBlockSize = 8 << 20;
constexpr std::uint64_t kMostBlocks = 50'000;
constexpr std::size_t kReadSize = 1 << 20;

using File = std::shared_ptr<http::FileHandle const>;

ApiError cannot_read(std::filesystem::path const& path, int error) {
    return make_local_error(fmt::format("Can't read {}: {}.", path.string(), std::strerror(error)));
}

ApiResult<File> open_file(std::filesystem::path const& path) {
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot_read(path, errno);
    return File(std::make_shared<http::FileHandle const>(descriptor));
}

ApiError changed(std::filesystem::path const& path) {
    return make_local_error(fmt::format("{} changed while it was read.", path.string()));
}

// What tells that a file is still the one that was planned for.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t modified_seconds = 0;
    std::int64_t modified_nanoseconds = 0;

    friend bool operator==(FileStamp const&, FileStamp const&) = default;
};

FileStamp stamp_of(http::FileHandle const& file) {
    struct stat found {};
    if (::fstat(file.descriptor(), &found) != 0) return {};
    return {static_cast<std::uint64_t>(found.st_size), found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

// The MD5 is that of the first `size` bytes, which are what is sent.
ApiResult<BlobHeaders> headers_of(Upload const& upload, http::FileHandle const& file, std::uint64_t size) {
    BlobHeaders headers{.content_type = upload.content_type, .content_md5 = {}};
    if (upload.md5 == UploadMd5::left_to_service) return headers;
    base::Md5 md5;
    std::vector<std::byte> piece(kReadSize);
    for (std::uint64_t offset = 0; offset < size;) {
        auto const wanted = std::min<std::uint64_t>(piece.size(), size - offset);
        auto const count = ::pread(file.descriptor(), piece.data(), wanted, static_cast<off_t>(offset));
        if (count < 0) return cannot_read(upload.file, errno);
        if (count == 0) return changed(upload.file);
        md5.update(std::span(piece).first(static_cast<std::size_t>(count)));
        offset += static_cast<std::uint64_t>(count);
    }
    headers.content_md5 = base::to_base64(std::move(md5).finish());
    return headers;
}

// The blocks of one file on their way; whoever brings the last one commits the list.
class BlockUpload {
public:
    BlockUpload(BlobClient const& client, Upload upload, std::vector<BlockRange> blocks)
        : client_(client), upload_(std::move(upload)), blocks_(std::move(blocks)), left_(blocks_.size()) {}

    std::vector<BlockRange> const& blocks() const { return blocks_; }

    void send(BlockRange const& block) {
        if (auto const file = file_unless_failed()) {
            auto const sent = client_.put_block(
                upload_.container, upload_.blob, block.id, {file, block.offset, block.length}
            );
            if (sent) {
                upload_.count(static_cast<std::int64_t>(block.length));
            } else {
                fail(stamp_of(*file) == stamp_ ? sent.error() : changed(upload_.file));
            }
        }
        if (left_.fetch_sub(1) == 1) finish();
    }

private:
    // Opened by the first block, so that files that wait in the queue hold no descriptor.
    File file_unless_failed() {
        std::scoped_lock const lock(mutex_);
        if (failure_) return nullptr;
        if (!file_) {
            auto opened = open_file(upload_.file);
            if (!opened) {
                failure_ = opened.error();
                return nullptr;
            }
            stamp_ = stamp_of(**opened);
            if (stamp_.size != planned_size()) {
                failure_ = changed(upload_.file);
                return nullptr;
            }
            file_ = *opened;
        }
        return file_;
    }

    std::uint64_t planned_size() const { return blocks_.back().offset + blocks_.back().length; }

    void fail(ApiError error) {
        std::scoped_lock const lock(mutex_);
        if (!failure_) failure_ = std::move(error);
    }

    void finish() {
        if (failure_) {
            upload_.done(*failure_);
            return;
        }
        std::vector<std::string> ids;
        ids.reserve(blocks_.size());
        for (auto const& block : blocks_)
            ids.push_back(block.id);
        auto const headers = headers_of(upload_, *file_, planned_size());
        if (!headers) {
            upload_.done(headers.error());
            return;
        }
        if (stamp_of(*file_) != stamp_) {
            upload_.done(changed(upload_.file));
            return;
        }
        upload_.done(client_.put_block_list(upload_.container, upload_.blob, ids, *headers));
    }

    BlobClient const& client_;
    Upload upload_;
    std::vector<BlockRange> blocks_;
    std::atomic<std::size_t> left_;
    std::mutex mutex_;
    File file_;
    FileStamp stamp_;  // when it was opened
    std::optional<ApiError> failure_;
};

void send_whole(BlobClient const& client, Upload const& upload, std::uint64_t size) {
    auto const file = open_file(upload.file);
    if (!file) {
        upload.done(file.error());
        return;
    }
    auto const stamp = stamp_of(**file);
    if (stamp.size != size) {
        upload.done(changed(upload.file));
        return;
    }
    auto const headers = headers_of(upload, **file, size);
    if (!headers) {
        upload.done(headers.error());
        return;
    }
    auto sent = client.put_blob(upload.container, upload.blob, {*file, 0, size}, *headers);
    if (stamp_of(**file) != stamp) {
        upload.done(changed(upload.file));
        return;
    }
    if (sent) upload.count(static_cast<std::int64_t>(size));
    upload.done(std::move(sent));
}

}  // namespace

std::vector<BlockRange> plan_blocks(std::uint64_t size) {
    if (size <= kMostInOneRequest) return {};
    auto const block = std::max(kBlockSize, (size + kMostBlocks - 1) / kMostBlocks);
    std::vector<BlockRange> blocks;
    for (std::uint64_t offset = 0; offset < size; offset += block) {
        auto const id = base::to_base64(fmt::format("block-{:06}", blocks.size()));
        blocks.push_back({id, offset, std::min(block, size - offset)});
    }
    return blocks;
}

void submit_upload(WorkQueue& queue, BlobClient const& client, Upload upload) {
    std::error_code error;
    auto const size = std::filesystem::file_size(upload.file, error);
    if (error) {
        upload.done(cannot_read(upload.file, error.value()));
        return;
    }
    auto blocks = plan_blocks(size);
    if (blocks.empty()) {
        queue.submit([&client, upload = std::move(upload), size] { send_whole(client, upload, size); });
        return;
    }
    auto const whole = std::make_shared<BlockUpload>(client, std::move(upload), std::move(blocks));
    for (auto const& block : whole->blocks()) {
        queue.submit([whole, &block] { whole->send(block); });
    }
}

}  // namespace bluebatch::client
