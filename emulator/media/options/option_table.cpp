#include "emulator/media/options/option_table.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::media::options {
namespace {

// clang-format off
constexpr auto kOptions = std::to_array<OptionRow>({
    {"loglevel",              "loglevel",              "",  Argument::value, Scope::global},
    {"v",                     "loglevel",              "",  Argument::value, Scope::global},
    {"hide_banner",           "hide_banner",           "",  Argument::flag,  Scope::global},
    {"version",               "version",               "",  Argument::flag,  Scope::global},
    {"y",                     "y",                     "",  Argument::flag,  Scope::global},
    {"n",                     "n",                     "",  Argument::flag,  Scope::global},
    {"stdin",                 "stdin",                 "",  Argument::flag,  Scope::global},
    {"stats",                 "stats",                 "",  Argument::flag,  Scope::global},
    {"stats_period",          "stats_period",          "",  Argument::value, Scope::global},
    {"xerror",                "xerror",                "",  Argument::flag,  Scope::global},
    {"ignore_unknown",        "ignore_unknown",        "",  Argument::flag,  Scope::global},
    {"max_error_rate",        "max_error_rate",        "",  Argument::value, Scope::global},
    {"vsync",                 "vsync",                 "",  Argument::value, Scope::global},
    {"filter_threads",        "filter_threads",        "",  Argument::value, Scope::global},

    {"f",                     "f",                     "",  Argument::value, Scope::file},
    {"ss",                    "ss",                    "",  Argument::value, Scope::file},
    {"t",                     "t",                     "",  Argument::value, Scope::file},
    {"to",                    "to",                    "",  Argument::value, Scope::file},
    {"bitexact",              "bitexact",              "",  Argument::flag,  Scope::file},
    {"c",                     "c",                     "",  Argument::value, Scope::file},
    {"codec",                 "c",                     "",  Argument::value, Scope::file},
    {"acodec",                "c",                     "a", Argument::value, Scope::file},
    {"vcodec",                "c",                     "v", Argument::value, Scope::file},
    {"scodec",                "c",                     "s", Argument::value, Scope::file},
    {"dcodec",                "c",                     "d", Argument::value, Scope::file},
    {"vn",                    "vn",                    "",  Argument::flag,  Scope::file},
    {"an",                    "an",                    "",  Argument::flag,  Scope::file},
    {"sn",                    "sn",                    "",  Argument::flag,  Scope::file},
    {"dn",                    "dn",                    "",  Argument::flag,  Scope::file},
    {"r",                     "r",                     "",  Argument::value, Scope::file},
    {"s",                     "s",                     "",  Argument::value, Scope::file},
    {"pix_fmt",               "pix_fmt",               "",  Argument::value, Scope::file},
    {"ar",                    "ar",                    "",  Argument::value, Scope::file},
    {"ac",                    "ac",                    "",  Argument::value, Scope::file},
    {"sample_fmt",            "sample_fmt",            "",  Argument::value, Scope::file},
    {"channel_layout",        "ch_layout",             "",  Argument::value, Scope::file},
    {"ch_layout",             "ch_layout",             "",  Argument::value, Scope::file},
    {"tag",                   "tag",                   "",  Argument::value, Scope::file},
    {"vtag",                  "tag",                   "v", Argument::value, Scope::file},
    {"atag",                  "tag",                   "a", Argument::value, Scope::file},
    {"stag",                  "tag",                   "s", Argument::value, Scope::file},
    {"thread_queue_size",     "thread_queue_size",     "",  Argument::value, Scope::file},

    {"sseof",                 "sseof",                 "",  Argument::value, Scope::input},
    {"accurate_seek",         "accurate_seek",         "",  Argument::flag,  Scope::input},
    {"seek_timestamp",        "seek_timestamp",        "",  Argument::flag,  Scope::input},
    {"itsoffset",             "itsoffset",             "",  Argument::value, Scope::input},
    {"autorotate",            "autorotate",            "",  Argument::flag,  Scope::input},
    {"guess_layout_max",      "guess_layout_max",      "",  Argument::value, Scope::input},
    {"discard",               "discard",               "",  Argument::value, Scope::input},

    {"map",                   "map",                   "",  Argument::value, Scope::output},
    {"map_metadata",          "map_metadata",          "",  Argument::value, Scope::output},
    {"map_chapters",          "map_chapters",          "",  Argument::value, Scope::output},
    {"metadata",              "metadata",              "",  Argument::value, Scope::output},
    {"disposition",           "disposition",           "",  Argument::value, Scope::output},
    {"fs",                    "fs",                    "",  Argument::value, Scope::output},
    {"frames",                "frames",                "",  Argument::value, Scope::output},
    {"vframes",               "frames",                "v", Argument::value, Scope::output},
    {"aframes",               "frames",                "a", Argument::value, Scope::output},
    {"dframes",               "frames",                "d", Argument::value, Scope::output},
    {"q",                     "q",                     "",  Argument::value, Scope::output},
    {"qscale",                "q",                     "v", Argument::value, Scope::output},
    {"aq",                    "q",                     "a", Argument::value, Scope::output},
    {"b",                     "b",                     "v", Argument::value, Scope::output},
    {"ab",                    "b",                     "a", Argument::value, Scope::output},
    {"profile",               "profile",               "v", Argument::value, Scope::output},
    {"filter",                "filter",                "",  Argument::value, Scope::output},
    {"vf",                    "filter",                "v", Argument::value, Scope::output},
    {"af",                    "filter",                "a", Argument::value, Scope::output},
    {"aspect",                "aspect",                "",  Argument::value, Scope::output},
    {"fpsmax",                "fpsmax",                "",  Argument::value, Scope::output},
    {"fps_mode",              "fps_mode",              "",  Argument::value, Scope::output},
    {"force_fps",             "force_fps",             "",  Argument::flag,  Scope::output},
    {"autoscale",             "autoscale",             "",  Argument::flag,  Scope::output},
    {"bsf",                   "bsf",                   "",  Argument::value, Scope::output},
    {"vbsf",                  "bsf",                   "v", Argument::value, Scope::output},
    {"absf",                  "bsf",                   "a", Argument::value, Scope::output},
    {"copyinkf",              "copyinkf",              "",  Argument::flag,  Scope::output},
    {"muxdelay",              "muxdelay",              "",  Argument::value, Scope::output},
    {"muxpreload",            "muxpreload",            "",  Argument::value, Scope::output},
    {"max_muxing_queue_size", "max_muxing_queue_size", "",  Argument::value, Scope::output},
});

constexpr auto kRefused = std::to_array<std::string_view>({
    "L", "h", "?", "help", "buildconf", "formats", "muxers", "demuxers", "devices", "codecs", "decoders", "encoders",
    "bsfs", "protocols", "filters", "pix_fmts", "layouts", "sample_fmts", "dispositions", "colors", "sources", "sinks",
    "report", "max_alloc", "cpuflags", "cpucount", "copy_unknown", "recast_media", "pre", "map_channel", "isync",
    "itsscale", "timestamp", "program", "stream_group", "benchmark", "benchmark_all", "progress", "timelimit", "dump",
    "hex", "re", "readrate", "readrate_initial_burst", "readrate_catchup", "target", "frame_drop_threshold", "async",
    "copyts", "start_at_zero", "copytb", "shortest", "shortest_buf_duration", "apad", "dts_delta_threshold",
    "dts_error_threshold", "abort_on", "copypriorss", "filter_script", "reinit_filter", "filter_complex",
    "filter_complex_threads", "lavfi", "filter_complex_script", "auto_conversion_filters", "attach", "dump_attachment",
    "stream_loop", "debug_ts", "find_stream_info", "bits_per_raw_sample", "stats_enc_pre", "stats_enc_post",
    "stats_mux_pre", "stats_enc_pre_fmt", "stats_enc_post_fmt", "stats_mux_pre_fmt", "display_rotation",
    "display_hflip", "display_vflip", "rc_override", "timecode", "pass", "passlogfile", "psnr", "vstats",
    "vstats_file", "vstats_version", "intra_matrix", "inter_matrix", "chroma_intra_matrix", "top", "qphist",
    "streamid", "force_key_frames", "hwaccel", "hwaccel_device", "hwaccel_output_format", "hwaccels",
    "fix_sub_duration", "fix_sub_duration_heartbeat", "canvas_size", "vol", "muxing_queue_data_threshold", "sdp_file",
    "time_base", "enc_time_base", "apre", "vpre", "spre", "fpre", "vaapi_device", "qsv_device", "init_hw_device",
    "filter_hw_device", "print_graphs", "print_graphs_file", "print_graphs_format", "mux_delay", "drop_changed",
    "apply_cropping", "ts_scale", "fdebug", "debug",
});
// clang-format on

}  // namespace

std::string_view name_of(std::string_view option) {
    return option.substr(0, option.find(':'));
}

std::string_view specifier_of(std::string_view option) {
    std::size_t const colon = option.find(':');
    return colon == std::string_view::npos ? std::string_view{} : option.substr(colon + 1);
}

OptionRow const* find_option(std::string_view name) {
    auto const* const row = std::ranges::find(kOptions, name_of(name), &OptionRow::name);
    return row == kOptions.end() ? nullptr : &*row;
}

bool is_refused(std::string_view name) {
    return std::ranges::find(kRefused, name_of(name)) != kRefused.end();
}

}  // namespace bluebatch::emulator::media::options
