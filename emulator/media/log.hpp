#pragma once

#include "emulator/media/libav.hpp"

#include <fmt/format.h>

#include <cstdarg>
#include <mutex>
#include <string>
#include <string_view>

namespace bluebatch::emulator::media {

// Where the lines of one run go: its standard error, in the form the ffmpeg command gives them.
// libav's own log is one callback per process, so runs are told apart by thread (LogScope) and, on the
// threads that codecs and filters start, by the owner that our contexts name in `opaque`. A line of unknown
// origin is dropped.
class LogSink {
public:
    explicit LogSink(int descriptor) : descriptor_(descriptor) {}

    void set_level(int level) { level_ = level; }
    int level() const { return level_; }
    void write(void* origin, int level, char const* format, std::va_list arguments);
    // Past the level filter, as things printed rather than logged are.
    void print(std::string_view text);

private:
    void write_all(std::string_view text);

    std::mutex mutex_;
    int const descriptor_;
    int level_ = AV_LOG_INFO;
    int print_prefix_ = 1;
    int repeats_ = 0;
    std::string last_line_;
};

// While it lives, what this thread logs goes to the sink.
class LogScope {
public:
    explicit LogScope(LogSink& sink);
    ~LogScope();
    LogScope(LogScope const&) = delete;
    LogScope& operator=(LogScope const&) = delete;

private:
    LogSink* const outer_;
};

// Once per process, before anything is logged.
void install_log_callback();

void log_text(void* origin, int level, std::string const& text);

template <class... Args>
void log(int level, fmt::format_string<Args...> text, Args&&... args) {
    log_text(nullptr, level, fmt::format(text, std::forward<Args>(args)...));
}

// Sets the level that a command line names: "error", "32", "repeat+level+info". Says what there is, and is
// false, when there is none of that name.
bool set_log_level(LogSink& sink, std::string const& told);

// "name: Invalid data found when processing input"
void log_error(std::string_view name, int error);

}  // namespace bluebatch::emulator::media
