#include "emulator/media/time_range.hpp"

#include "emulator/media/log.hpp"
#include "emulator/media/options/av_options.hpp"

namespace bluebatch::emulator::media {

Outcome<TimeRange> read_time_range(options::FileGroup const& group) {
    TimeRange range;
    std::int64_t stop = kUnlimited;
    auto const read = [&group](char const* setting, std::int64_t& into) -> Outcome<> {
        std::string const* const told = options::find_setting(group.settings, setting);
        if (told == nullptr) return {};
        auto const time = options::parse_duration(setting, *told);
        if (!time) return time.error();
        into = *time;
        return {};
    };
    if (auto const done = read("ss", range.start); !done) return done.error();
    if (auto const done = read("t", range.duration); !done) return done.error();
    if (auto const done = read("to", stop); !done) return done.error();
    if (stop == kUnlimited) return range;
    if (range.duration != kUnlimited) {
        log(AV_LOG_WARNING, "-t and -to cannot be used together; using -t.\n");
        return range;
    }
    std::int64_t const start = range.start == kNoTime ? 0 : range.start;
    if (stop <= start) {
        log(AV_LOG_ERROR, "-to value smaller than -ss; aborting.\n");
        return Exit::failure;
    }
    range.duration = stop - start;
    return range;
}

}  // namespace bluebatch::emulator::media
