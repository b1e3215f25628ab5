#include "client/api/download.hpp"

#include "client/api/partial_file.hpp"
#include "shared/base/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace bluebatch::client {
namespace {

constexpr std::uint64_t kPiece = 8 << 20;
constexpr std::uint64_t kMostPieces = 50'000;
constexpr std::size_t kReadAtOnce = 64 << 10;  // what a cache holds

class BlobDownload : public std::enable_shared_from_this<BlobDownload> {
public:
    BlobDownload(BlobClient const& client, Download download)
        : client_(client), download_(std::move(download)) {}

    // The first piece tells of the whole.
    void begin(WorkQueue& queue) {
        file_.emplace(download_.target);
        if (!file_->is_open()) return end(cannot_write());
        if (!file_->is_seekable()) return stream();
        auto first = fetch({.offset = 0, .length = kPiece});
        // An empty blob has no range that could be asked for.
        if (!first && has_status(first.error(), 416)) first = fetch({});
        if (!first) return end(first.error());
        whole_ = *std::move(first);
        auto const pieces = rest();
        if (pieces.empty()) return end(finish());
        left_ = pieces.size();
        std::vector<std::function<void()>> work;
        for (auto const& piece : pieces)
            work.push_back([self = shared_from_this(), piece] { self->bring(piece); });
        queue.submit_first(std::move(work));
    }

private:
    // A pipe takes bytes only in their order, and each of them once: what it gets is known before.
    void stream() {
        auto const blob = client_.blob_properties(download_.container, download_.blob);
        if (!blob) return end(blob.error());
        whole_ = {.received = 0, .size = blob->item.size, .etag = blob->item.etag, .blob_md5 = {}};
        auto const pieces = rest();
        if (pieces.empty()) return end(finish());
        left_ = pieces.size();
        for (auto const& piece : pieces)
            bring(piece);
    }

    ApiError cannot_write() const {
        return make_local_error(
            fmt::format("Can't write {}: {}.", download_.target.string(), std::strerror(errno))
        );
    }

    std::vector<PieceRequest> rest() const {
        std::vector<PieceRequest> pieces;
        auto const length = std::max(kPiece, whole_.size / kMostPieces + 1);
        for (auto offset = whole_.received; offset < whole_.size;) {
            pieces.push_back({offset, std::min(length, whole_.size - offset), whole_.etag});
            offset += pieces.back().length;
        }
        return pieces;
    }

    ApiResult<BlobPiece> fetch(PieceRequest const& wanted) {
        std::optional<int> write_error;
        auto end = wanted.offset;
        auto const piece = client_.read_piece(
            download_.container,
            download_.blob,
            wanted,
            [&](std::uint64_t offset, std::span<std::byte const> bytes) {
                // What comes once more is taken back first.
                download_.count(static_cast<std::int64_t>(offset) - static_cast<std::int64_t>(end));
                if (!file_->write(offset, bytes)) {
                    write_error = errno;
                    return false;
                }
                end = offset + bytes.size();
                download_.count(static_cast<std::int64_t>(bytes.size()));
                return true;
            }
        );
        if (write_error) {
            errno = *write_error;
            return cannot_write();
        }
        return piece;
    }

    void bring(PieceRequest const& wanted) {
        if (!has_failed()) {
            if (auto const piece = fetch(wanted); !piece) fail(piece.error());
        }
        if (left_.fetch_sub(1) == 1) end(finish());
    }

    bool has_failed() {
        std::scoped_lock const lock(mutex_);
        return failure_.has_value();
    }
    void fail(ApiError error) {
        if (has_status(error, 412)) {
            error = make_protocol_error(
                fmt::format("Blob {} changed while it was fetched; try again.", download_.blob)
            );
        }
        std::scoped_lock const lock(mutex_);
        if (!failure_) failure_ = std::move(error);
    }

    ApiResult<std::uint64_t> finish() {
        if (failure_) return *failure_;
        // Of an attempt that was lost more may have come than there is now.
        if (!file_->truncate(whole_.size)) return cannot_write();
        if (auto const checked = check_md5(); !checked) return checked.error();
        if (!file_->publish()) return cannot_write();
        return whole_.size;
    }

    ApiResult<void> check_md5() const {
        auto const stated = base::parse_base64(whole_.blob_md5);
        if (!stated || stated->empty() || !file_->is_seekable()) return {};
        base::Md5 md5;
        std::array<std::byte, kReadAtOnce> piece;
        for (std::uint64_t offset = 0; offset < whole_.size;) {
            auto const count = file_->read(offset, piece);
            if (!count || *count == 0) return cannot_write();
            md5.update(std::span(piece).first(*count));
            offset += *count;
        }
        auto const digest = std::move(md5).finish();
        if (*stated == std::string(digest.begin(), digest.end())) return {};
        return make_protocol_error(
            fmt::format("The content of blob {} was damaged on its way.", download_.blob)
        );
    }

    void end(ApiResult<std::uint64_t> outcome) {
        file_.reset();
        download_.done(std::move(outcome));
    }

    BlobClient const& client_;
    Download download_;
    std::optional<PartialFile> file_;
    BlobPiece whole_;
    std::atomic<std::size_t> left_ = 0;
    std::mutex mutex_;
    std::optional<ApiError> failure_;
};

}  // namespace

void submit_download(WorkQueue& queue, BlobClient const& client, Download download) {
    auto const whole = std::make_shared<BlobDownload>(client, std::move(download));
    queue.submit([whole, &queue] { whole->begin(queue); });
}

}  // namespace bluebatch::client
