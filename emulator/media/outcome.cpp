#include "emulator/media/outcome.hpp"

#include "emulator/media/compat.hpp"

namespace bluebatch::emulator::media {

int Exit::exit_code() const {
    if (kind_ == Kind::fixed) return code_;
    if constexpr (!compat::kTellsErrorByExitCode) return 1;
    // A file that is left alone because it exists is no failure to these versions.
    return code_ == AVERROR_EXIT ? 0 : code_ & 0xff;
}

}  // namespace bluebatch::emulator::media
