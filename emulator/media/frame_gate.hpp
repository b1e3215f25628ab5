#pragma once

#include "emulator/media/libav.hpp"

#include <deque>
#include <memory>
#include <span>

namespace bluebatch::emulator::media {

struct OutputStream;

// Where frames wait before they are encoded when a stream of their file may have only so many: it cannot be
// known before that stream's last frame which frames of the others end before it too. The others lose what
// ends later.
class FrameGate {
public:
    // nullptr when nothing limits these streams, or ffmpeg's version does not hold frames back.
    static std::unique_ptr<FrameGate> for_streams(std::span<std::unique_ptr<OutputStream> const> streams);

    // Refers to the frame, which ends at `end` in the time base. False when it comes too late, or memory is
    // short.
    bool send(OutputStream const& output, AVFrame const& frame, std::int64_t end, AVRational time_base);
    // No more frames come from the stream.
    void finish(OutputStream const& output);

    struct Released {
        OutputStream* output = nullptr;
        Frame frame;
    };
    // One frame whose time has come; empty when there is none. What is left after every stream is finished
    // goes.
    Released receive();
    // Whether all frames of the stream that will ever be encoded have been sent.
    bool is_finished(OutputStream const& output) const;

private:
    struct Waiting {
        Frame frame;
        std::int64_t end = 0;
    };
    struct Stream {
        OutputStream* output = nullptr;
        bool limits = false;
        bool finished = false;
        std::int64_t sent = 0;
        // Where its last frame ends.
        std::int64_t head = kNoTime;
        AVRational time_base{0, 1};
        std::deque<Waiting> frames;
    };

    Stream* find(OutputStream const& output);
    void finish(Stream& stream);
    // The limited stream that is least advanced; nullptr before each of them began.
    Stream const* least_advanced() const;
    static bool is_later(Stream const& stream, std::int64_t time, Stream const& than);

    std::deque<Stream> streams_;
    Stream* first_finished_ = nullptr;
};

}  // namespace bluebatch::emulator::media
