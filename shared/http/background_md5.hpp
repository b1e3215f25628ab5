#pragma once

#include "shared/base/digest.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace bluebatch::http {

// The MD5 of bytes that come in pieces, computed on another thread while the caller fetches the next piece:
// of all that happens to a large upload the digest takes the longest. Work that no thread has begun when the
// caller must wait for it is done by the caller, so a busy machine loses nothing. Used by one thread at a
// time.
class BackgroundMd5 {
public:
    BackgroundMd5();
    // Waits for the piece at work.
    ~BackgroundMd5();
    BackgroundMd5(BackgroundMd5 const&) = delete;
    BackgroundMd5& operator=(BackgroundMd5 const&) = delete;

    // Waits for the piece before, then takes this one. Its bytes must stay where they are until the next
    // call.
    void update(std::string_view piece);
    // Done with every piece that was given.
    void wait();
    base::Md5Digest finish() &&;

private:
    class Helpers;
    enum class State : std::uint8_t { idle, queued, running };

    base::Md5 md5_;
    std::string_view piece_;
    State state_ = State::idle;  // guarded by the helpers' mutex
};

}  // namespace bluebatch::http
