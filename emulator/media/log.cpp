#include "emulator/media/log.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

namespace bluebatch::emulator::media {
namespace {

thread_local LogSink* thread_sink = nullptr;

// Contexts that we made carry their run's sink in `opaque`, also in the copies that frame threads work on.
LogSink* owner_of(void* origin) {
    if (origin == nullptr) return nullptr;
    AVClass const* const type = *static_cast<AVClass**>(origin);
    if (type == nullptr) return nullptr;
    if (type == avcodec_get_class())
        return static_cast<LogSink*>(static_cast<AVCodecContext*>(origin)->opaque);
    if (type == avfilter_get_class()) {
        AVFilterGraph const* const graph = static_cast<AVFilterContext*>(origin)->graph;
        return graph == nullptr ? nullptr : static_cast<LogSink*>(graph->opaque);
    }
    return nullptr;
}

void on_log(void* origin, int level, char const* format, std::va_list arguments) {
    LogSink* const sink = thread_sink != nullptr ? thread_sink : owner_of(origin);
    if (sink != nullptr) sink->write(origin, level, format, arguments);
}

// Control characters of a hostile file must not reach a terminal.
void sanitize(std::string& line) {
    for (char& c : line) {
        auto const code = static_cast<unsigned char>(c);
        if (code < 0x08 || (code > 0x0D && code < 0x20)) c = '?';
    }
}

std::optional<int> parse_log_level(std::string const& text) {
    constexpr auto kLevels = std::to_array<std::pair<std::string_view, int>>({
        {"quiet", AV_LOG_QUIET},
        {"panic", AV_LOG_PANIC},
        {"fatal", AV_LOG_FATAL},
        {"error", AV_LOG_ERROR},
        {"warning", AV_LOG_WARNING},
        {"info", AV_LOG_INFO},
        {"verbose", AV_LOG_VERBOSE},
        {"debug", AV_LOG_DEBUG},
        {"trace", AV_LOG_TRACE},
    });
    for (std::string_view const prefix : {"repeat+", "level+", "+repeat+", "+level+"})
        if (text.starts_with(prefix)) return parse_log_level(text.substr(prefix.size()));
    for (auto const& [name, level] : kLevels)
        if (text == name) return level;
    if (text.empty() || text.find_first_not_of("-0123456789") != std::string::npos) return std::nullopt;
    return static_cast<int>(std::strtol(text.c_str(), nullptr, 10));
}

}  // namespace

void LogSink::write(void* origin, int level, char const* format, std::va_list arguments) {
    if (level >= 0) level &= 0xff;
    std::lock_guard const lock(mutex_);
    if (level > level_) return;
    std::array<char, 4096> buffer;
    int const was_line_start = print_prefix_;
    av_log_format_line2(
        origin, level, format, arguments, buffer.data(), static_cast<int>(buffer.size()), &print_prefix_
    );
    std::string line(buffer.data());
    sanitize(line);
    if (was_line_start != 0 && print_prefix_ != 0 && !line.empty() && line.back() != '\r' &&
        line == last_line_) {
        ++repeats_;
        return;
    }
    if (repeats_ > 0) write_all(fmt::format("    Last message repeated {} times\n", repeats_));
    repeats_ = 0;
    write_all(line);
    last_line_ = std::move(line);
}

void LogSink::print(std::string_view text) {
    std::lock_guard const lock(mutex_);
    write_all(text);
}

void LogSink::write_all(std::string_view text) {
    while (!text.empty()) {
        ssize_t const written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

LogScope::LogScope(LogSink& sink) : outer_(std::exchange(thread_sink, &sink)) {}

LogScope::~LogScope() {
    thread_sink = outer_;
}

void install_log_callback() {
    av_log_set_callback(on_log);
}

void log_text(void* origin, int level, std::string const& text) {
    av_log(origin, level, "%s", text.c_str());
}

void log_error(std::string_view name, int error) {
    log(AV_LOG_ERROR, "{}: {}\n", name, error_text(error));
}

bool set_log_level(LogSink& sink, std::string const& told) {
    auto const level = parse_log_level(told);
    if (level) {
        sink.set_level(*level);
    } else {
        log(AV_LOG_FATAL,
            "Invalid loglevel \"{}\". Possible levels are numbers or:\n\"quiet\"\n\"panic\"\n\"fatal\"\n"
            "\"error\"\n\"warning\"\n\"info\"\n\"verbose\"\n\"debug\"\n\"trace\"\n",
            told);
    }
    return level.has_value();
}

}  // namespace bluebatch::emulator::media
