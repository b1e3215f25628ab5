#include "emulator/media/libav.hpp"

#include <array>

namespace bluebatch::emulator::media {

void CloseOutput::operator()(AVFormatContext* context) const {
    if (context->oformat != nullptr && (context->oformat->flags & AVFMT_NOFILE) == 0)
        avio_closep(&context->pb);
    avformat_free_context(context);
}

std::string describe(AVChannelLayout const& layout) {
    std::array<char, 256> text{};
    av_channel_layout_describe(&layout, text.data(), text.size());
    return text.data();
}

std::string error_text(int error) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(error, text.data(), text.size());
    return text.data();
}

std::int64_t rescale_passing_none(std::int64_t time, AVRational from, AVRational to) {
    constexpr int kRounding = static_cast<int>(AV_ROUND_NEAR_INF) | static_cast<int>(AV_ROUND_PASS_MINMAX);
    return av_rescale_q_rnd(time, from, to, static_cast<AVRounding>(kRounding));
}

}  // namespace bluebatch::emulator::media
