// What is left to the machine's own ffmpeg, or to a process with the task's own working directory.
#include "emulator/media/ffmpeg.hpp"
#include "emulator/media/options/av_options.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::media {
namespace {

// Filters and settings that open files by themselves, where we cannot tell them in which folder.
constexpr auto kFiltersWithFiles = std::to_array<std::string_view>({
    "movie",
    "amovie",
    "subtitles",
    "ass",
    "lut1d",
    "lut3d",
    "drawtext",
    "sofalizer",
    "arnndn",
    "ladspa",
    "lv2",
    "frei0r",
    "metadata",
    "ametadata",
    "psnr",
    "ssim",
    "libvmaf",
    "vidstabdetect",
    "vidstabtransform",
    "signature",
    "sendcmd",
    "asendcmd",
    "zmq",
    "azmq",
    "dnn_processing",
    "dnn_detect",
    "dnn_classify",
    "sr",
    "derain",
    "nnedi",
    "ocr",
    "ocv",
    "removelogo",
    "fieldhint",
    "curves",
    "afirsrc",
    "haldclut",
    "cropdetect_file",
    "find_rect",
    "cover_rect",
    "program_opencl",
    "libplacebo",
    "blackdetect_file",
    "asr",
    "chromaber_vulkan",
    "deshake_opencl",
    "whisper",
});
constexpr auto kSettingsWithFiles = std::to_array<std::string_view>({
    "x264-params",
    "x264opts",
    "x265-params",
    "svtav1-params",
    "aom-params",
    "passlogfile",
    "stats",
    "fpre",
    "lut",
    "hls_key_info_file",
    "encryption_key",
    "cookies",
    "ca_file",
    "cert_file",
    "key_file",
    "hls_segment_filename",
    "strftime",
    "segment_list",
    "hls_fmp4_init_filename",
    "init_seg_name",
    "media_seg_name",
    "chunk_duration",
});
// Formats that name further files, and read or write them on their own.
constexpr auto kFormatsWithFiles = std::to_array<std::string_view>(
    {"concat",
     "tee",
     "fifo",
     "segment",
     "stream_segment",
     "ssegment",
     "dash",
     "image2",
     "hls",
     "webm_dash_manifest",
     "webm_chunk",
     "smoothstreaming",
     "vobsub",
     "lavfi"}
);

// The names of the filters of a chain, whatever their options: "[in] volume@a=2, atempo=1.5".
std::vector<std::string> filter_names(std::string_view chain) {
    std::vector<std::string> names;
    std::string word;
    bool in_name = true;
    bool in_label = false;
    bool quoted = false;
    for (char const c : std::string(chain) + ",") {
        if (c == '\'') quoted = !quoted;
        if (quoted) continue;
        if (c == '[') in_label = true;
        if (!in_label && (c == ',' || c == ';')) {
            if (!word.empty()) names.push_back(word);
            word.clear();
            in_name = true;
        } else if (!in_label && (c == '=' || c == '@')) {
            in_name = false;
        } else if (!in_label && in_name && c != ' ' && c != '\n' && c != '\t' && c != '\'') {
            word += c;
        }
        if (c == ']') in_label = false;
    }
    return names;
}

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

bool is_plain_location(std::string const& url) {
    if (url == "-" || url == "pipe:" || url == "pipe:0" || url == "pipe:1") return true;
    if (url.starts_with("/dev/") || url.starts_with("/proc/")) return false;
    char const* const protocol = avio_find_protocol_name(url.c_str());
    // An unknown protocol is an error that we report as ffmpeg does.
    if (protocol == nullptr) return true;
    constexpr auto kPlain = std::to_array<std::string_view>({"file", "http", "https"});
    return is_one_of(kPlain, protocol);
}

// Reasons that hold only where the process is shared with other tasks.
std::optional<std::string> find_shared_limit(options::FileGroup const& group) {
    if (!is_plain_location(group.url)) return group.url;
    for (options::Setting const& setting : group.settings) {
        if (setting.name == "filter") {
            for (std::string const& name : filter_names(setting.value))
                if (is_one_of(kFiltersWithFiles, name)) return fmt::format("filter {}", name);
        }
        if (setting.name == "f" && is_one_of(kFormatsWithFiles, setting.value))
            return fmt::format("f {}", setting.value);
    }
    for (Dictionary const* const dictionary : {&group.codec, &group.format}) {
        for (AVDictionaryEntry const* entry = nullptr; (entry = dictionary->next(entry)) != nullptr;)
            if (is_one_of(kSettingsWithFiles, options::name_of(entry->key))) return entry->key;
    }
    return std::nullopt;
}

std::string const* format_of(options::FileGroup const& group) {
    return options::find_setting(group.settings, "f");
}

}  // namespace

std::optional<std::string> find_unsupported(
    std::span<std::string const> arguments, Surroundings surroundings
) {
    auto const line = options::parse_command_line(arguments, options::find_av_option);
    if (!line) return line.error().unsupported ? std::optional(line.error().option) : std::nullopt;
    // Devices (lavfi, alsa ...) are libavdevice's, which is not ours.
    for (auto const& input : line->inputs)
        if (auto const* const format = format_of(input);
            format != nullptr && av_find_input_format(format->c_str()) == nullptr)
            return "f " + *format;
    for (auto const& output : line->outputs)
        if (auto const* const format = format_of(output);
            format != nullptr && av_guess_format(format->c_str(), nullptr, nullptr) == nullptr)
            return "f " + *format;
    if (surroundings == Surroundings::own) return std::nullopt;
    for (auto const& input : line->inputs)
        if (auto limit = find_shared_limit(input)) return limit;
    for (auto const& output : line->outputs) {
        if (auto limit = find_shared_limit(output)) return limit;
        AVOutputFormat const* const format = av_guess_format(nullptr, output.url.c_str(), nullptr);
        if (format_of(output) == nullptr && format != nullptr && is_one_of(kFormatsWithFiles, format->name))
            return std::string("f ") + format->name;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::media
