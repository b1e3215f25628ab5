#include "emulator/blob/query/value.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::query {
namespace {

// Reads a timestamp from left to right.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool skip(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly so many digits.
    std::optional<unsigned> number(std::size_t digits) {
        if (rest_.size() < digits) return std::nullopt;
        auto const value = base::parse_number<unsigned>(rest_.substr(0, digits));
        if (value) rest_.remove_prefix(digits);
        return value;
    }
    // Digits behind the point, as ticks; further than seven are cut off.
    std::optional<base::Ticks> fraction() {
        std::int64_t ticks = 0;
        std::int64_t weight = 1'000'000;
        std::size_t count = 0;
        while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
            ticks += (rest_[count] - '0') * weight;
            weight /= 10;
            ++count;
        }
        if (count == 0) return std::nullopt;
        rest_.remove_prefix(count);
        return base::Ticks{ticks};
    }

private:
    std::string_view rest_;
};

std::optional<base::TimePoint> read_date(Reader& reader) {
    auto const year = reader.number(4);
    unsigned month = 1;
    unsigned day = 1;
    if (!year || *year == 0) return std::nullopt;
    if (reader.skip('-')) {
        auto const read = reader.number(2);
        if (!read) return std::nullopt;
        month = *read;
        if (reader.skip('-')) {
            auto const read_day = reader.number(2);
            if (!read_day) return std::nullopt;
            day = *read_day;
        }
    }
    auto const date =
        std::chrono::year{static_cast<int>(*year)} / std::chrono::month{month} / std::chrono::day{day};
    if (!date.ok()) return std::nullopt;
    return base::TimePoint{std::chrono::sys_days{date}};
}

std::optional<base::Ticks> read_time(Reader& reader) {
    constexpr unsigned kHours = 24;
    constexpr unsigned kSixty = 60;
    auto const hour = reader.number(2);
    if (!hour || *hour >= kHours || !reader.skip(':')) return std::nullopt;
    auto const minute = reader.number(2);
    if (!minute || *minute >= kSixty) return std::nullopt;
    base::Ticks time = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    if (!reader.skip(':')) return time;
    auto const second = reader.number(2);
    if (!second || *second >= kSixty) return std::nullopt;
    time += std::chrono::seconds{*second};
    if (!reader.skip('.')) return time;
    auto const fraction = reader.fraction();
    if (!fraction) return std::nullopt;
    return time + *fraction;
}

std::optional<std::chrono::minutes> read_offset(Reader& reader) {
    constexpr unsigned kFarthest = 14;
    if (reader.at_end() || reader.skip('Z')) return std::chrono::minutes{0};
    bool const is_west = reader.skip('-');
    if (!is_west && !reader.skip('+')) return std::nullopt;
    auto const hours = reader.number(2);
    if (!hours || *hours > kFarthest) return std::nullopt;
    reader.skip(':');
    auto const minutes = reader.at_end() ? std::optional{0U} : reader.number(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    std::chrono::minutes const offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return is_west ? -offset : offset;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    Reader reader{text};
    auto const date = read_date(reader);
    if (!date) return std::nullopt;
    if (reader.at_end()) return Timestamp{*date};
    if (!reader.skip('T') && !reader.skip(' ')) return std::nullopt;
    if (reader.at_end()) return Timestamp{*date};
    auto const time = read_time(reader);
    if (!time) return std::nullopt;
    auto const offset = read_offset(reader);
    if (!offset || !reader.at_end()) return std::nullopt;
    return Timestamp{*date + *time - *offset, *offset};
}

}  // namespace bluebatch::emulator::blob::query
