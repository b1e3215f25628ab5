#pragma once

#include "shared/base/result.hpp"

#include <stdexcept>

namespace bluebatch::emulator::media {

// Why a run of ffmpeg ends early. The reason has been logged where it was found.
class Exit {
public:
    // Nothing more precise is known: libav*'s "invalid argument".
    static Exit const failure;
    // Ends that have an exit code of their own in every version.
    static Exit const nothing_to_do;
    static Exit const decode_errors;
    static Exit const interrupted;

    constexpr Exit() : Exit(Kind::error, -22) {}
    // A code of libav*, such as AVERROR(ENOENT).
    static constexpr Exit because(int error) { return {Kind::error, error}; }

    // That of the ffmpeg whose libraries these are: newer ones tell the error by it.
    int exit_code() const;
    bool is_error() const { return kind_ == Kind::error; }

private:
    enum class Kind { error, fixed };
    constexpr Exit(Kind kind, int code) : kind_(kind), code_(code) {}

    Kind kind_;
    int code_;
};

inline constexpr Exit Exit::failure{};
inline constexpr Exit Exit::nothing_to_do{Kind::fixed, 1};
inline constexpr Exit Exit::decode_errors{Kind::fixed, 69};
inline constexpr Exit Exit::interrupted{Kind::fixed, 255};

[[noreturn]] inline void throw_exception_from_error(Exit const&, boost::source_location const&) {
    throw std::logic_error("unchecked end of a transcode");
}

template <class T = void>
using Outcome = base::Result<T, Exit>;

}  // namespace bluebatch::emulator::media
