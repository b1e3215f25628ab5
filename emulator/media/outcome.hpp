#pragma once

#include "shared/base/result.hpp"

#include <stdexcept>

namespace bluebatch::emulator::media {

// Why a run of ffmpeg ends early; the value is its exit code. The reason has been logged where it was found.
enum class Exit { failure = 1, decode_errors = 69, interrupted = 255 };

[[noreturn]] inline void throw_exception_from_error(Exit const&, boost::source_location const&) {
    throw std::logic_error("unchecked end of a transcode");
}

template <class T = void>
using Outcome = base::Result<T, Exit>;

}  // namespace bluebatch::emulator::media
