#include "client/cli/durations.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::int64_t kLongest = std::int64_t{30} * 24 * 3600;

std::int64_t seconds_in(char unit) {
    switch (unit) {
        case 'h':
            return 3600;
        case 'm':
            return 60;
        case 's':
            return 1;
        default:
            return 0;
    }
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t total = 0;
    if (auto const alone = base::parse_number<std::uint32_t>(text)) {
        total = *alone;
    } else {
        while (!text.empty()) {
            auto const end = text.find_first_not_of("0123456789");
            if (end == std::string_view::npos) return std::nullopt;
            auto const count = base::parse_number<std::uint32_t>(text.substr(0, end));
            auto const unit = seconds_in(text[end]);
            if (!count || unit == 0) return std::nullopt;
            total += *count * unit;
            text.remove_prefix(end + 1);
        }
    }
    if (total <= 0 || total > kLongest) return std::nullopt;
    return std::chrono::seconds(total);
}

std::string to_clock(std::chrono::seconds duration) {
    auto const count = duration.count();
    return fmt::format("{:02}:{:02}:{:02}", count / 3600, count / 60 % 60, count % 60);
}

std::string to_precise_clock(base::Ticks duration) {
    auto const whole = std::chrono::duration_cast<std::chrono::seconds>(duration);
    return fmt::format("{}.{:07}", to_clock(whole), (duration - whole).count());
}

std::string to_size(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 4> kUnits{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    auto size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < kUnits.size()) {
        size /= 1024;
        ++unit;
    }
    return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace bluebatch::cli
