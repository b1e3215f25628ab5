#pragma once

#include "shared/base/crc64.hpp"
#include "shared/base/unique_descriptor.hpp"
#include "shared/http/background_md5.hpp"
#include "shared/http/body_piece.hpp"
#include "shared/http/service.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace bluebatch::http {

// Takes a body as its plan says, in bounded memory: in a string up to memory_limit, else in a spooled file
// that is written in pieces. Dropped before finish(), it leaves nothing behind. Throws std::system_error when
// the disk refuses.
class BodyReceiver {
public:
    // `expected`: the whole size, when the sender has said it.
    BodyReceiver(BodyPlan plan, std::optional<std::uint64_t> expected);
    BodyReceiver(BodyReceiver const&) = delete;
    BodyReceiver& operator=(BodyReceiver const&) = delete;

    std::uint64_t size() const { return size_; }
    // False, and nothing taken, when the body would exceed the plan's limit.
    bool append(std::string_view bytes);
    // The same without a copy: room for the bytes that come next (never empty), then how many of them came.
    // The caller stays within the limit.
    std::span<char> room();
    void commit(std::size_t count);
    // Whether room() would have to wait for the digest of what came before.
    bool is_behind() const;
    // After the last byte. Whether there is nothing left for finish() to wait for; else advance() waits for a
    // part of it.
    bool is_settled();
    void advance();
    // Takes a whole slice of a file, with copy_file_range(2) where it goes to a file.
    bool append_file(FileSlice const& slice);

    Body finish() &&;

private:
    bool is_spooled() const { return file_.has_value(); }
    void open_spool();
    bool open_spare_file();
    void open_new_file();
    void start_spooling();
    void flush();
    // What the filter leaves of the bytes.
    std::string_view accept(std::span<char> bytes);
    // The one that is being filled.
    BodyPiece& piece();
    void digest_piece(std::string_view content);

    BodyPlan plan_;
    std::optional<std::uint64_t> expected_;
    std::uint64_t size_ = 0;
    std::uint64_t content_size_ = 0;  // behind the filter
    std::string bytes_;  // holds bytes up to size_ while in memory; its own size may be ahead, as room
    std::optional<SpooledFile> file_;
    base::UniqueDescriptor descriptor_;
    bool is_written_over_ = false;  // the file, which may hold more than will be written
    // One is filled while those before may still be digested; made when they are first needed.
    std::array<BodyPiece, BackgroundMd5::kMostWaiting + 1> pieces_;
    std::size_t current_ = 0;
    std::size_t filled_ = 0;  // bytes of the current piece that are not written yet
    std::optional<base::Crc64> crc64_;
    std::optional<BackgroundMd5> md5_;  // of a spooled body; after the pieces, which it may be reading
};

}  // namespace bluebatch::http
