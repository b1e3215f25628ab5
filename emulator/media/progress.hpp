#pragma once

#include "emulator/media/outcome.hpp"

#include <cstdint>

namespace bluebatch::emulator::media {

struct Session;
struct Transcode;

// The "size=  64kB time=00:00:04.10 ..." lines, twice a second and at the end.
class Progress {
public:
    explicit Progress(Session& session) : session_(session) {}

    void start();
    void report(Transcode& transcode);
    void report_last(Transcode& transcode);

private:
    enum class Moment { during, end };
    void print(Transcode& transcode, Moment moment);

    Session& session_;
    // Of the monotonic clock, in microseconds.
    std::int64_t started_ = 0;
    std::int64_t last_report_ = 0;
    bool reported_ = false;
};

void log_stream_mapping(Transcode const& transcode);

}  // namespace bluebatch::emulator::media
