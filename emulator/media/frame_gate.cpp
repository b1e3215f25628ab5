#include "emulator/media/frame_gate.hpp"

#include "emulator/media/compat.hpp"
#include "emulator/media/output_stream.hpp"

#include <algorithm>

namespace bluebatch::emulator::media {
namespace {

// Beyond as many frames of one stream, a stream that limits it has nothing to say for too long.
constexpr std::size_t kMostWaiting = 128;

bool is_encoded(OutputStream const& output) {
    return output.encodes() && (output.kind() == AVMEDIA_TYPE_VIDEO || output.kind() == AVMEDIA_TYPE_AUDIO);
}

}  // namespace

std::unique_ptr<FrameGate> FrameGate::for_streams(std::span<std::unique_ptr<OutputStream> const> streams) {
    bool const limits = std::ranges::any_of(streams, [](auto const& output) {
        return is_encoded(*output) && output->max_frames != kUnlimited;
    });
    bool const only_encodes =
        std::ranges::all_of(streams, [](auto const& output) { return is_encoded(*output); });
    if (!compat::kLimitsBeforeEncoding || !limits || !only_encodes) return nullptr;
    auto gate = std::make_unique<FrameGate>();
    for (auto const& output : streams)
        gate->streams_.push_back(
            {.output = output.get(), .limits = output->max_frames != kUnlimited, .frames = {}}
        );
    return gate;
}

FrameGate::Stream* FrameGate::find(OutputStream const& output) {
    auto const found = std::ranges::find(streams_, &output, &Stream::output);
    return found == streams_.end() ? nullptr : &*found;
}

bool FrameGate::is_finished(OutputStream const& output) const {
    auto const found = std::ranges::find(streams_, &output, &Stream::output);
    return found != streams_.end() && found->finished;
}

bool FrameGate::is_later(Stream const& stream, std::int64_t time, Stream const& than) {
    return av_compare_ts(time, stream.time_base, than.head, than.time_base) > 0;
}

FrameGate::Stream const* FrameGate::least_advanced() const {
    Stream const* least = nullptr;
    for (Stream const& stream : streams_) {
        if (!stream.limits) continue;
        if (stream.head == kNoTime) return nullptr;
        if (least == nullptr || !is_later(stream, stream.head, *least)) least = &stream;
    }
    return least;
}

void FrameGate::finish(Stream& stream) {
    stream.finished = true;
    if (!stream.limits || stream.head == kNoTime) return;
    if (first_finished_ == nullptr || is_later(*first_finished_, first_finished_->head, stream))
        first_finished_ = &stream;
    for (Stream& other : streams_)
        if (other.head != kNoTime && !is_later(*first_finished_, first_finished_->head, other))
            other.finished = true;
}

void FrameGate::finish(OutputStream const& output) {
    if (Stream* const stream = find(output); stream != nullptr && !stream->finished) finish(*stream);
}

bool FrameGate::send(
    OutputStream const& output, AVFrame const& frame, std::int64_t end, AVRational time_base
) {
    Stream* const stream = find(output);
    if (stream == nullptr || stream->finished) return false;
    Frame copy(av_frame_clone(&frame));
    if (!copy) return false;
    stream->time_base = time_base;
    stream->frames.push_back({std::move(copy), end});
    ++stream->sent;
    if (stream->head == kNoTime || end > stream->head) stream->head = end;
    bool const is_last = stream->sent >= output.max_frames;
    bool const is_beyond =
        first_finished_ != nullptr && !is_later(*first_finished_, first_finished_->head, *stream);
    if (is_last || is_beyond) finish(*stream);
    return true;
}

FrameGate::Released FrameGate::receive() {
    Stream const* const limit = least_advanced();
    bool const over = std::ranges::all_of(streams_, &Stream::finished);
    for (Stream& stream : streams_) {
        if (stream.frames.empty()) continue;
        Waiting& next = stream.frames.front();
        bool const in_time = limit != nullptr && !is_later(stream, next.end, *limit);
        if (!in_time && stream.frames.size() <= kMostWaiting) {
            if (over) stream.frames.clear();
            continue;
        }
        Released released{.output = stream.output, .frame = std::move(next.frame)};
        stream.frames.pop_front();
        return released;
    }
    return {};
}

}  // namespace bluebatch::emulator::media
