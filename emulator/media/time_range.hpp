#pragma once

#include "emulator/media/libav.hpp"
#include "emulator/media/options/command_line.hpp"
#include "emulator/media/outcome.hpp"

namespace bluebatch::emulator::media {

// Of -t and -to; -t wins. "-to value smaller than -ss" is an Exit.
struct TimeRange {
    std::int64_t start = kNoTime;
    std::int64_t duration = kUnlimited;
};
Outcome<TimeRange> read_time_range(options::FileGroup const& group);

}  // namespace bluebatch::emulator::media
