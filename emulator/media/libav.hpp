#pragma once

// The only door to libav*: its C headers, owners for what they hand out, and its constants in C++ form.
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/eval.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/parseutils.h>
#include <libavutil/pixdesc.h>
#include <libavutil/samplefmt.h>
#include <libavutil/time.h>
}

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::media {

inline constexpr std::int64_t kNoTime = AV_NOPTS_VALUE;
inline constexpr std::int64_t kUnlimited = INT64_MAX;
inline constexpr std::int64_t kSecond = 1'000'000;
// The time base of libavformat itself, in which offsets and options are told.
inline constexpr AVRational kMicroseconds{1, 1'000'000};

template <auto Free>
struct FreeByPointerToPointer {
    template <class T>
    void operator()(T* object) const {
        Free(&object);
    }
};
template <auto Free>
struct FreeByPointer {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Packet = std::unique_ptr<AVPacket, FreeByPointerToPointer<av_packet_free>>;
using Frame = std::unique_ptr<AVFrame, FreeByPointerToPointer<av_frame_free>>;
using CodecContext = std::unique_ptr<AVCodecContext, FreeByPointerToPointer<avcodec_free_context>>;
using CodecParameters = std::unique_ptr<AVCodecParameters, FreeByPointerToPointer<avcodec_parameters_free>>;
using InputContext = std::unique_ptr<AVFormatContext, FreeByPointerToPointer<avformat_close_input>>;
using Graph = std::unique_ptr<AVFilterGraph, FreeByPointerToPointer<avfilter_graph_free>>;
using FilterPads = std::unique_ptr<AVFilterInOut, FreeByPointerToPointer<avfilter_inout_free>>;
using BitstreamFilter = std::unique_ptr<AVBSFContext, FreeByPointerToPointer<av_bsf_free>>;

// An output's context and the file it writes to, which libavformat leaves to its user to close.
struct CloseOutput {
    void operator()(AVFormatContext* context) const;
};
using OutputContext = std::unique_ptr<AVFormatContext, CloseOutput>;

// An AVDictionary with an owner.
class Dictionary {
public:
    Dictionary() = default;
    Dictionary(Dictionary&& other) noexcept : entries_(std::exchange(other.entries_, nullptr)) {}
    Dictionary& operator=(Dictionary&& other) noexcept {
        std::swap(entries_, other.entries_);
        return *this;
    }
    Dictionary(Dictionary const& other) { av_dict_copy(&entries_, other.entries_, 0); }
    Dictionary& operator=(Dictionary const&) = delete;
    ~Dictionary() { av_dict_free(&entries_); }

    void set(std::string const& key, std::string const& value, int flags = 0) {
        av_dict_set(&entries_, key.c_str(), value.c_str(), flags);
    }
    void remove(char const* key) { av_dict_set(&entries_, key, nullptr, 0); }
    // nullptr when absent.
    char const* find(char const* key) const {
        AVDictionaryEntry const* const entry = av_dict_get(entries_, key, nullptr, 0);
        return entry == nullptr ? nullptr : entry->value;
    }
    AVDictionaryEntry const* next(AVDictionaryEntry const* previous) const {
        return av_dict_get(entries_, "", previous, AV_DICT_IGNORE_SUFFIX);
    }
    AVDictionary* get() const { return entries_; }
    AVDictionary** address() { return &entries_; }

private:
    AVDictionary* entries_ = nullptr;
};

// "5.1(side)"
std::string describe(AVChannelLayout const& layout);

// "Invalid data found when processing input"
std::string error_text(int error);

// What av_rescale_q with ROUND_NEAR_INF | PASS_MINMAX does: "no time" stays so.
std::int64_t rescale_passing_none(std::int64_t time, AVRational from, AVRational to);

}  // namespace bluebatch::emulator::media
