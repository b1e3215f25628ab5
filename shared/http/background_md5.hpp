#pragma once

#include "shared/base/md5.hpp"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bluebatch::http {

// The MD5 of bytes that come in pieces, computed on other threads while the caller fetches the next pieces:
// of all that happens to a large upload the digest takes the longest. Pieces of several bodies that wait at
// the same time are taken together, which costs little more than one of them. A caller that must wait takes
// part in the work, so a busy machine loses nothing. Used by one thread at a time.
class BackgroundMd5 {
public:
    // A piece is done with when so many others have been taken after it.
    static constexpr std::size_t kMostWaiting = 2;

    BackgroundMd5();
    // Waits for the pieces that were taken.
    ~BackgroundMd5();
    BackgroundMd5(BackgroundMd5 const&) = delete;
    BackgroundMd5& operator=(BackgroundMd5 const&) = delete;

    // Takes a piece, whose bytes must stay where they are until kMostWaiting more were taken, or until
    // wait().
    void update(std::string_view piece);
    // Pieces that were taken and not done with.
    std::size_t waiting() const;
    // Until there are at most so many.
    void wait(std::size_t most = 0);
    base::Md5Digest finish() &&;

private:
    class Helpers;
    enum class State : std::uint8_t { idle, queued, running };

    base::Md5 md5_;
    bool is_used_ = false;  // else the helpers need not be asked
    // The rest is guarded by the helpers' mutex.
    std::array<std::string_view, kMostWaiting> pieces_;
    std::size_t waiting_ = 0;  // that many of pieces_, the oldest first
    State state_ = State::idle;
    std::condition_variable progress_;
};

}  // namespace bluebatch::http
