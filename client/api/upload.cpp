#include "client/api/upload.hpp"

#include "shared/base/digest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
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
constexpr std::size_t kReadSize = 64 << 10;  // what a cache holds
constexpr std::size_t kShortestId = 6;       // in which the number has room

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

// On its way, where the file is still what it was; that may go well another time.
bool was_damaged(ApiResult<void> const& sent) {
    return !sent && has_code(sent.error(), "Md5Mismatch");
}

ApiResult<base::Md5Digest> md5_of(
    Upload const& upload, http::FileHandle const& file, std::uint64_t begin, std::uint64_t length
) {
    base::Md5 md5;
    std::array<std::byte, kReadSize> piece;
    for (auto const end = begin + length; begin < end;) {
        auto const wanted = std::min<std::uint64_t>(piece.size(), end - begin);
        auto const count = ::pread(file.descriptor(), piece.data(), wanted, static_cast<off_t>(begin));
        if (count < 0) return cannot_read(upload.file, errno);
        if (count == 0) return changed(upload.file);
        md5.update(std::span(piece).first(static_cast<std::size_t>(count)));
        begin += static_cast<std::uint64_t>(count);
    }
    return std::move(md5).finish();
}

// The blocks of one file on their way; whoever brings the last one commits the list.
class BlockUpload : public std::enable_shared_from_this<BlockUpload> {
public:
    BlockUpload(BlobClient const& client, Upload upload, std::vector<BlockRange> blocks)
        : client_(client),
          upload_(std::move(upload)),
          blocks_(std::move(blocks)),
          ids_(blocks_.size()),
          left_(blocks_.size()) {}

    // Only here the file is opened, so that those that wait in the queue hold no descriptor.
    void begin(WorkQueue& queue) {
        auto opened = open_file(upload_.file);
        if (!opened) {
            upload_.done(opened.error());
            return;
        }
        file_ = *opened;
        stamp_ = stamp_of(*file_);
        if (stamp_.size != size()) {
            upload_.done(changed(upload_.file));
            return;
        }
        // Who may not read it, or finds nothing to read, sends everything.
        if (auto there = client_.uncommitted_blocks(upload_.container, upload_.blob)) take(*std::move(there));
        std::vector<std::function<void()>> work;
        work.reserve(blocks_.size());
        for (auto const& block : blocks_)
            work.push_back([self = shared_from_this(), &block] { self->bring(block); });
        queue.submit_first(std::move(work));
    }

private:
    std::uint64_t size() const { return blocks_.back().offset + blocks_.back().length; }

    void take(UncommittedBlocks there) {
        if (there.empty()) return;
        auto const id = base::parse_base64(there.begin()->first);
        if (id && id->size() == kBlockIdBytes) {
            there_ = std::move(there);
        } else if (id && id->size() >= kShortestId) {
            id_bytes_ = id->size();
        }
    }

    void bring(BlockRange const& block) {
        if (!has_failed()) {
            if (auto const sent = send(block); !sent) {
                fail(stamp_of(*file_) == stamp_ ? sent.error() : changed(upload_.file));
            } else {
                upload_.count(static_cast<std::int64_t>(block.length));
            }
        }
        if (left_.fetch_sub(1) == 1) upload_.done(finish());
    }

    ApiResult<void> send(BlockRange const& block) {
        auto const digest = md5_of(upload_, *file_, block.offset, block.length);
        if (!digest) return digest.error();
        auto const& id = ids_[block.number] = block_id(block.number, *digest, id_bytes_);
        auto const there = there_.find(id);
        if (there != there_.end() && there->second == block.length) return {};
        auto const put = [&] {
            return client_.put_block(
                upload_.container,
                upload_.blob,
                {id, base::to_base64(*digest)},
                {file_, block.offset, block.length}
            );
        };
        auto const sent = put();
        return was_damaged(sent) && stamp_of(*file_) == stamp_ ? put() : sent;
    }

    bool has_failed() {
        std::scoped_lock const lock(mutex_);
        return failure_.has_value();
    }
    void fail(ApiError error) {
        std::scoped_lock const lock(mutex_);
        if (!failure_) failure_ = std::move(error);
    }

    ApiResult<void> finish() {
        if (failure_) return *failure_;
        BlobHeaders headers{.content_type = upload_.content_type, .content_md5 = {}};
        if (upload_.md5 == UploadMd5::stated) {
            auto const digest = md5_of(upload_, *file_, 0, size());
            if (!digest) return digest.error();
            headers.content_md5 = base::to_base64(*digest);
        }
        if (stamp_of(*file_) != stamp_) return changed(upload_.file);
        return client_.put_block_list(upload_.container, upload_.blob, ids_, headers);
    }

    BlobClient const& client_;
    Upload upload_;
    std::vector<BlockRange> blocks_;
    std::vector<std::string> ids_;  // each written by who brings its block
    UncommittedBlocks there_;
    std::size_t id_bytes_ = kBlockIdBytes;
    std::atomic<std::size_t> left_;
    File file_;
    FileStamp stamp_;  // when it was opened
    std::mutex mutex_;
    std::optional<ApiError> failure_;
};

ApiResult<void> send_whole(BlobClient const& client, Upload const& upload, std::uint64_t size) {
    auto const file = open_file(upload.file);
    if (!file) return file.error();
    auto const stamp = stamp_of(**file);
    if (stamp.size != size) return changed(upload.file);
    auto const digest = md5_of(upload, **file, 0, size);
    if (!digest) return digest.error();
    BlobHeaders const headers{upload.content_type, base::to_base64(*digest)};
    auto const put = [&] {
        return client.put_blob(upload.container, upload.blob, {*file, 0, size}, headers);
    };
    // What is written to while it is sent has another MD5, and is refused.
    if (stamp_of(**file) != stamp) return changed(upload.file);
    auto sent = put();
    if (was_damaged(sent) && stamp_of(**file) == stamp) sent = put();
    if (stamp_of(**file) != stamp) return changed(upload.file);
    if (sent) upload.count(static_cast<std::int64_t>(size));
    return sent;
}

}  // namespace

std::vector<BlockRange> plan_blocks(std::uint64_t size) {
    if (size <= kMostInOneRequest) return {};
    auto const block = std::max(kBlockSize, (size + kMostBlocks - 1) / kMostBlocks);
    std::vector<BlockRange> blocks;
    for (std::uint64_t offset = 0; offset < size; offset += block)
        blocks.push_back({blocks.size(), offset, std::min(block, size - offset)});
    return blocks;
}

std::string block_id(std::uint64_t number, base::Md5Digest const& digest, std::size_t bytes) {
    std::string_view const content(reinterpret_cast<char const*>(digest.data()), digest.size());
    auto id = fmt::format("{:06}-{}", number, base::to_hex(content));
    id.resize(bytes, '0');
    return base::to_base64(id);
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
        queue.submit([&client, upload = std::move(upload), size] {
            upload.done(send_whole(client, upload, size));
        });
        return;
    }
    auto const whole = std::make_shared<BlockUpload>(client, std::move(upload), std::move(blocks));
    queue.submit([whole, &queue] { whole->begin(queue); });
}

}  // namespace bluebatch::client
