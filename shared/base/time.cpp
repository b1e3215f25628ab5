#include "shared/base/time.hpp"

#include "shared/base/text.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace bluebatch::base {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kTicksPerDay = kTicksPerSecond * 86'400;
constexpr std::uint64_t kUnixEpochInDotnetTicks = 621'355'968'000'000'000;
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Civil {
    int year;
    unsigned month, day;
    int hour, minute, second;
    std::int64_t fraction;  // ticks below the second
    unsigned weekday;       // 0 is Sunday
};

Civil to_civil(TimePoint time) {
    auto const day = floor<days>(time);
    year_month_day const date{day};
    hh_mm_ss const clock{floor<seconds>(time) - day};
    return {
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()),
        (time - floor<seconds>(time)).count(),
        std::chrono::weekday{day}.c_encoding(),
    };
}

std::optional<TimePoint> from_civil(Civil const& civil) {
    year_month_day const date{
        std::chrono::year{civil.year}, std::chrono::month{civil.month}, std::chrono::day{civil.day}};
    if (!date.ok() || civil.year < 1 || civil.hour > 23 || civil.minute > 59 || civil.second > 59)
        return std::nullopt;
    auto const whole = std::chrono::sys_days{date} + std::chrono::hours{civil.hour} +
                       std::chrono::minutes{civil.minute} + seconds{civil.second};
    return TimePoint{std::chrono::duration_cast<Ticks>(whole.time_since_epoch()) + Ticks{civil.fraction}};
}

// Takes exactly `count` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    for (char const c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
    }
    auto const number = parse_number<int>(text.substr(0, count));
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_fraction(std::string_view& text) {
    std::int64_t value = 0;
    int digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (++digits > 7) return std::nullopt;
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 7; ++digits)
        value *= 10;
    return value;
}

// "Z", "+hh:mm", "-hh:mm" or nothing (taken as UTC).
std::optional<Ticks> take_offset(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return Ticks{0};
    int const sign = text.front() == '-' ? -1 : 1;
    if (text.front() != '+' && text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    auto const hours = take_digits(text, 2);
    if (!hours || !take(text, ':')) return std::nullopt;
    auto const minutes = take_digits(text, 2);
    if (!minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
    return Ticks{sign * (*hours * 60 + *minutes) * 60 * kTicksPerSecond};
}

// The clock part after 'T': "hh:mm[:ss[.fffffff]]" and the offset.
bool read_clock(std::string_view text, Civil& civil, Ticks& offset) {
    auto const hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return false;
    auto const minute = take_digits(text, 2);
    if (!minute) return false;
    civil.hour = *hour;
    civil.minute = *minute;
    if (take(text, ':')) {
        auto const second = take_digits(text, 2);
        if (!second) return false;
        civil.second = *second;
        if (take(text, '.')) {
            auto const fraction = take_fraction(text);
            if (!fraction) return false;
            civil.fraction = *fraction;
        }
    }
    auto const found = take_offset(text);
    if (!found) return false;
    offset = *found;
    return true;
}

}  // namespace

std::string to_iso8601(TimePoint time) {
    auto text = to_iso8601(time, 7);
    text.pop_back();
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + 'Z';
}

std::string to_iso8601(TimePoint time, int digits) {
    auto const c = to_civil(time);
    auto text = fmt::format(
        FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), c.year, c.month, c.day, c.hour, c.minute, c.second
    );
    if (digits > 0) {
        auto const fraction = fmt::format("{:07}", c.fraction);
        text += '.';
        text.append(fraction, 0, static_cast<std::size_t>(digits));
    }
    return text + 'Z';
}

std::optional<TimePoint> parse_iso8601(std::string_view text) {
    Civil civil{};
    auto const year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    auto const month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    auto const day = take_digits(text, 2);
    if (!day) return std::nullopt;
    civil.year = *year;
    civil.month = static_cast<unsigned>(*month);
    civil.day = static_cast<unsigned>(*day);
    Ticks offset{0};
    if (!text.empty()) {
        if (text.front() != 'T' && text.front() != 't' && text.front() != ' ') return std::nullopt;
        if (!read_clock(text.substr(1), civil, offset)) return std::nullopt;
    }
    auto const time = from_civil(civil);
    if (!time) return std::nullopt;
    // An offset may lead out of the years that four digits can write.
    auto const year_in_utc = to_civil(*time - offset).year;
    if (year_in_utc < 1 || year_in_utc > 9999) return std::nullopt;
    return *time - offset;
}

std::string to_rfc1123(TimePoint time) {
    auto const c = to_civil(time);
    return fmt::format(
        FMT_COMPILE("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT"),
        kDays[c.weekday],
        c.day,
        kMonths[c.month - 1],
        c.year,
        c.hour,
        c.minute,
        c.second
    );
}

std::optional<TimePoint> parse_rfc1123(std::string_view text) {
    // "Sat, 21 Mar 2020 01:56:52 GMT"
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
    text.remove_prefix(5);
    Civil civil{};
    auto const day = take_digits(text, 2);
    if (!day || !take(text, ' ')) return std::nullopt;
    for (unsigned i = 0; i < kMonths.size(); ++i) {
        if (equal_ignoring_case(text.substr(0, 3), kMonths[i])) civil.month = i + 1;
    }
    text.remove_prefix(3);
    if (civil.month == 0 || !take(text, ' ')) return std::nullopt;
    auto const year = take_digits(text, 4);
    if (!year || !take(text, ' ')) return std::nullopt;
    civil.day = static_cast<unsigned>(*day);
    civil.year = *year;
    Ticks offset{0};
    if (!read_clock(text.substr(0, 8), civil, offset)) return std::nullopt;
    return from_civil(civil);
}

std::uint64_t to_dotnet_ticks(TimePoint time) {
    return kUnixEpochInDotnetTicks + static_cast<std::uint64_t>(time.time_since_epoch().count());
}

std::string to_etag(TimePoint time) {
    return fmt::format(FMT_COMPILE("0x{:X}"), to_dotnet_ticks(time));
}

std::string to_iso8601_duration(Ticks duration) {
    auto rest = duration.count();
    std::string text = rest < 0 ? "-P" : "P";
    // The largest duration has no negative twin; it is only ever used as "unlimited".
    if (rest < 0) rest = -rest;
    auto const whole_days = rest / kTicksPerDay;
    rest %= kTicksPerDay;
    if (whole_days > 0) text += fmt::format("{}D", whole_days);
    if (rest == 0) return whole_days > 0 ? text : "PT0S";
    text += 'T';
    auto const hours = rest / (kTicksPerSecond * 3600);
    rest %= kTicksPerSecond * 3600;
    auto const minutes = rest / (kTicksPerSecond * 60);
    rest %= kTicksPerSecond * 60;
    if (hours > 0) text += fmt::format("{}H", hours);
    if (minutes > 0) text += fmt::format("{}M", minutes);
    if (rest > 0) {
        auto fraction = fmt::format("{:07}", rest % kTicksPerSecond);
        while (!fraction.empty() && fraction.back() == '0')
            fraction.pop_back();
        text += fraction.empty() ? fmt::format("{}S", rest / kTicksPerSecond)
                                 : fmt::format("{}.{}S", rest / kTicksPerSecond, fraction);
    }
    return text;
}

namespace {

struct DurationUnit {
    char letter;
    std::int64_t ticks;
};

constexpr std::array<DurationUnit, 4> kDateUnits{
    {{'Y', 365 * kTicksPerDay}, {'M', 30 * kTicksPerDay}, {'W', 7 * kTicksPerDay}, {'D', kTicksPerDay}}};
constexpr std::array<DurationUnit, 3> kClockUnits{
    {{'H', 3600 * kTicksPerSecond}, {'M', 60 * kTicksPerSecond}, {'S', kTicksPerSecond}}};

// Reads "<number><letter>" pairs in the order of `units`, each at most once. Returns how many there were, -1
// when malformed.
template <std::size_t N>
int read_parts(
    std::string_view& text, std::array<DurationUnit, N> const& units, bool& overflow, std::int64_t& sum
) {
    int parts = 0;
    std::size_t next = 0;
    while (!text.empty() && text.front() != 'T') {
        auto const end = text.find_first_not_of("0123456789");
        if (end == 0 || end == std::string_view::npos) return -1;
        auto const number = parse_number<std::int64_t>(text.substr(0, end));
        if (!number) return -1;
        text.remove_prefix(end);
        std::int64_t fraction = 0;
        if (text.front() == '.') {
            text.remove_prefix(1);
            auto const found = take_fraction(text);
            if (!found || text.empty() || text.front() != 'S') return -1;
            fraction = *found;
        }
        while (next < N && units[next].letter != text.front())
            ++next;
        if (next == N) return -1;
        std::int64_t product = 0;
        overflow = overflow || __builtin_mul_overflow(*number, units[next].ticks, &product) ||
                   __builtin_add_overflow(sum, product, &sum) || __builtin_add_overflow(sum, fraction, &sum);
        ++next;
        ++parts;
        text.remove_prefix(1);
    }
    return parts;
}

}  // namespace

std::optional<Ticks> parse_iso8601_duration(std::string_view text) {
    bool const negative = take(text, '-');
    if (!take(text, 'P')) return std::nullopt;
    std::int64_t sum = 0;
    bool overflow = false;
    int parts = read_parts(text, kDateUnits, overflow, sum);
    if (parts < 0) return std::nullopt;
    if (take(text, 'T')) {
        int const clock_parts = read_parts(text, kClockUnits, overflow, sum);
        if (clock_parts <= 0) return std::nullopt;
        parts += clock_parts;
    }
    if (parts == 0 || !text.empty()) return std::nullopt;
    // More than can be said is "unlimited", as the service reads P10675199DT2H48M5.4775807S and beyond.
    if (overflow) return negative ? std::nullopt : std::optional{kUnlimited};
    return Ticks{negative ? -sum : sum};
}

}  // namespace bluebatch::base
