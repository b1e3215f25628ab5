#pragma once

#include "emulator/media/libav.hpp"
#include "emulator/media/outcome.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::media {

struct InputStream;
struct OutputStream;
struct Session;

// The way of frames from a decoder to an encoder: libavfilter's graph of one input and one output. It is
// built when the first frame tells its format, and again when the format changes.
class FilterPath {
public:
    FilterPath(Session& session, InputStream& input, OutputStream& output)
        : session_(session), input_(input), output_(output) {}
    ~FilterPath() { av_channel_layout_uninit(&layout_); }
    FilterPath(FilterPath const&) = delete;
    FilterPath& operator=(FilterPath const&) = delete;

    bool configured() const { return graph_ != nullptr; }
    bool knows_format() const { return format_ >= 0; }
    bool needs_rebuild(AVFrame const& frame) const;
    void take_format(AVFrame const& frame);
    // What the container says, for a stream that never gave a frame.
    void take_format(AVCodecParameters const& parameters);

    // These answer libav's codes. `push` takes the frame over; when several paths share it each but the last
    // refers.
    int configure();
    // Whether the chain is well formed, before anything is known of the frames.
    int parse();
    int push(AVFrame* frame, bool keep);
    int finish(std::int64_t pts);
    int request() { return avfilter_graph_request_oldest(graph_.get()); }
    int pull(AVFrame* frame);
    bool wants_input() const { return av_buffersrc_get_nb_failed_requests(source_) > 0; }

    AVFilterContext* sink() const { return sink_; }
    // No filter touches the samples themselves.
    bool only_passes() const { return only_passes_; }
    InputStream& input() const { return input_; }
    OutputStream& output() const { return output_; }

private:
    int add_source(AVFilterInOut const& chain);
    int add_video_source(AVFilterContext*& last);
    int add_audio_source(AVFilterContext*& last);
    int add_rotation(AVFilterContext*& last);
    int add_sink(AVFilterInOut const& chain);
    int add_video_sink(AVFilterContext*& last, int& pad);
    int add_audio_sink(AVFilterContext*& last, int& pad);
    int add_trim(
        AVFilterContext*& last, int& pad, std::int64_t start, std::int64_t duration, std::string const& name
    );
    int append(
        AVFilterContext*& last,
        int& pad,
        char const* filter,
        std::string const& name,
        std::string const& options
    );
    void apply_options();
    void keep_formats();
    int parse_chain(FilterPads& inputs, FilterPads& outputs);

    Session& session_;
    InputStream& input_;
    OutputStream& output_;
    Graph graph_;
    AVFilterContext* source_ = nullptr;
    AVFilterContext* sink_ = nullptr;
    bool finished_ = false;
    bool only_passes_ = false;

    int format_ = -1;
    int width_ = 0;
    int height_ = 0;
    AVRational aspect_{0, 1};
    int sample_rate_ = 0;
    AVChannelLayout layout_{};
    std::optional<std::array<std::int32_t, 9>> display_matrix_;
};

}  // namespace bluebatch::emulator::media
