#include "shared/base/log.hpp"

#include "shared/base/clock.hpp"
#include "shared/base/text.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace bluebatch::base::log {

namespace {

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::trace:
            return spdlog::level::trace;
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::off:
            break;
    }
    return spdlog::level::off;
}

std::string escape_json(std::string_view text) {
    std::string result;
    bool const is_utf8 = is_valid_utf8(text);
    for (char const c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else if (!is_utf8 && static_cast<unsigned char>(c) >= 0x80) {
            result += "\\ufffd";
        } else {
            result += c;
        }
    }
    return result;
}

struct Logger {
    std::shared_ptr<spdlog::logger> lines =
        std::make_shared<spdlog::logger>("bluebatch", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    Format format = Format::text;
    Logger() { lines->set_level(spdlog::level::warn); }
};

Logger& logger() {
    static Logger instance;
    return instance;
}

}  // namespace

void configure(Level level, Format format) {
    auto& target = logger();
    target.format = format;
    target.lines->set_level(to_spdlog(level));
    // Local wall time for people; machines get UTC with the level in a field.
    target.lines->set_pattern(
        format == Format::text ? "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v"
                               : R"({"level":"%l","message":"%v","time":"%Y-%m-%dT%H:%M:%S.%eZ"})",
        format == Format::text ? spdlog::pattern_time_type::local : spdlog::pattern_time_type::utc
    );
    target.lines->flush_on(spdlog::level::warn);
}

bool enabled(Level level) {
    return logger().lines->should_log(to_spdlog(level));
}

void write(Level level, std::string_view message) {
    auto& target = logger();
    if (target.format == Format::json) {
        target.lines->log(to_spdlog(level), "{}", escape_json(message));
    } else {
        target.lines->log(to_spdlog(level), "{}", message);
    }
}

}  // namespace bluebatch::base::log
