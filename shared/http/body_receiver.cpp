#include "shared/http/body_receiver.hpp"

#include "shared/base/file_io.hpp"
#include "shared/http/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace bluebatch::http {

namespace {

// Memory grows by at most this much ahead of the bytes that have really come.
constexpr std::size_t kGrowth = 64 << 10;

}  // namespace

BodyReceiver::BodyReceiver(BodyPlan plan, std::optional<std::uint64_t> expected)
    : plan_(std::move(plan)), expected_(expected) {
    if (plan_.digest_crc64) crc64_.emplace();
    if (expected_ && *expected_ > plan_.memory_limit) open_spool();
}

bool BodyReceiver::append(std::string_view bytes) {
    if (bytes.size() > plan_.limit || size_ > plan_.limit - bytes.size()) return false;
    while (!bytes.empty()) {
        auto const space = room();
        auto const count = std::min(space.size(), bytes.size());
        std::memcpy(space.data(), bytes.data(), count);
        commit(count);
        bytes.remove_prefix(count);
    }
    return true;
}

std::span<char> BodyReceiver::room() {
    if (!is_spooled() && size_ == plan_.memory_limit && expected_ != size_) start_spooling();
    if (is_spooled()) {
        if (filled_ == piece().size()) flush();
        return piece().memory().subspan(filled_);
    }
    auto const used = static_cast<std::size_t>(size_);
    auto const most =
        static_cast<std::size_t>(std::min(plan_.memory_limit, expected_.value_or(plan_.memory_limit)));
    bytes_.resize(std::max(std::min(most, used + kGrowth), used + 1));
    return {bytes_.data() + used, bytes_.size() - used};
}

void BodyReceiver::commit(std::size_t count) {
    size_ += count;
    if (is_spooled()) filled_ += count;
}

bool BodyReceiver::is_behind() const {
    return md5_ && filled_ > 0 && filled_ == pieces_[current_].size() &&
           md5_->waiting() == BackgroundMd5::kMostWaiting;
}

bool BodyReceiver::is_settled() {
    if (!md5_) return true;
    if (filled_ > 0 && md5_->waiting() < BackgroundMd5::kMostWaiting) flush();
    return filled_ == 0 && md5_->waiting() == 0;
}

void BodyReceiver::advance() {
    if (auto const waiting = md5_->waiting(); waiting > 0) md5_->wait(waiting - 1);
}

bool BodyReceiver::append_file(FileSlice const& slice) {
    if (slice.length > plan_.limit || size_ > plan_.limit - slice.length) return false;
    if (!is_spooled() && size_ + slice.length > plan_.memory_limit) start_spooling();
    if (!is_spooled()) {
        bytes_.resize(static_cast<std::size_t>(size_ + slice.length));
        base::read_all(
            slice.file->descriptor(), slice.offset, std::span(bytes_).subspan(static_cast<std::size_t>(size_))
        );
        size_ += slice.length;
        return true;
    }
    flush();
    size_ += slice.length;
    bool const is_seen = md5_ || crc64_ || plan_.filter;
    if (!plan_.filter) copy_all(slice, descriptor_.get());
    if (!is_seen) content_size_ += slice.length;
    for (std::uint64_t done = 0; is_seen && done < slice.length;) {
        auto const count =
            static_cast<std::size_t>(std::min<std::uint64_t>(slice.length - done, piece().size()));
        auto const bytes = piece().memory().first(count);
        base::read_all(slice.file->descriptor(), slice.offset + done, bytes);
        auto const content = accept(bytes);
        digest_piece(content);
        if (plan_.filter) base::write_all(descriptor_.get(), content);
        done += count;
    }
    return true;
}

Body BodyReceiver::finish() && {
    Body body;
    if (is_spooled()) {
        flush();
        if (is_written_over_) base::cut_off(descriptor_.get(), content_size_, file_->path().c_str());
        descriptor_.close();
        body.file = std::move(*file_);
        if (md5_) body.md5 = std::move(*md5_).finish();
    } else {
        bytes_.resize(static_cast<std::size_t>(size_));
        bytes_.resize(accept(bytes_).size());
        if (plan_.digest_md5) body.md5 = base::md5(bytes_);
        if (crc64_) crc64_->update(bytes_);
        body.bytes = std::move(bytes_);
    }
    body.size = content_size_;
    body.filter = std::move(plan_.filter);
    if (crc64_) body.crc64 = crc64_->value();
    return body;
}

void BodyReceiver::open_spool() {
    if (!open_spare_file()) open_new_file();
    if (plan_.digest_md5) md5_.emplace();
}

bool BodyReceiver::open_spare_file() {
    // A spare file is large; to cut most of it off costs as much as it saves.
    constexpr std::uint64_t kWorthOne = 1 << 20;
    if (!plan_.spare_files || expected_.value_or(kWorthOne) < kWorthOne) return false;
    auto spare = plan_.spare_files->take();
    if (!spare) return false;
    file_.emplace(std::move(spare->path));
    descriptor_ = std::move(spare->descriptor);
    is_written_over_ = true;
    return true;
}

void BodyReceiver::open_new_file() {
    auto name = (plan_.spool_folder / "body-XXXXXX").string();
    descriptor_ = base::UniqueDescriptor{::mkostemp(name.data(), O_CLOEXEC)};
    if (!descriptor_) {
        throw std::system_error(
            errno, std::generic_category(), "spool file in " + plan_.spool_folder.string()
        );
    }
    file_.emplace(name);
}

void BodyReceiver::start_spooling() {
    open_spool();
    auto const content = accept({bytes_.data(), static_cast<std::size_t>(size_)});
    if (md5_) md5_->update(content);
    if (crc64_) crc64_->update(content);
    base::write_all(descriptor_.get(), content);
    if (md5_) md5_->wait();
    bytes_ = {};
}

void BodyReceiver::flush() {
    if (filled_ == 0) return;
    auto const content = accept(piece().memory().first(std::exchange(filled_, 0)));
    digest_piece(content);
    base::write_all(descriptor_.get(), content);
}

std::string_view BodyReceiver::accept(std::span<char> bytes) {
    auto const size = plan_.filter ? plan_.filter->take(bytes) : bytes.size();
    content_size_ += size;
    return {bytes.data(), size};
}

BodyPiece& BodyReceiver::piece() {
    auto& piece = pieces_[current_];
    if (piece.size() == 0) piece = BodyPiece::take();
    return piece;
}

// Leaves the piece to the digest and goes on with the next one.
void BodyReceiver::digest_piece(std::string_view content) {
    if (content.empty()) return;
    if (md5_) {
        md5_->update(content);
        current_ = (current_ + 1) % pieces_.size();
    }
    if (crc64_) crc64_->update(content);
}

}  // namespace bluebatch::http
