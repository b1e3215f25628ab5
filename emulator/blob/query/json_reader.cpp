#include "emulator/blob/query/json.hpp"
#include "emulator/blob/query/reader.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::blob::query {
namespace {

constexpr std::string_view kRecordStart = "'{', or '['";

bool starts_scalar(char letter) {
    return letter == '"' || letter == '-' || (letter >= '0' && letter <= '9') || letter == 't' ||
           letter == 'f' || letter == 'n';
}

}  // namespace

JsonReader::JsonReader(Source& source, std::string separator)
    : window_(source), separator_(std::move(separator)) {}

ReadError JsonReader::unexpected(char letter, std::uint64_t at, std::string_view expected) const {
    // A byte of a longer character, or a control character, is no text.
    bool const is_text = letter >= ' ' && letter <= '~';
    auto const token =
        is_text ? std::string{letter} : fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
    return {
        "ParseError",
        fmt::format("Unexpected token '{}' at [byte: {}]. Expecting tokens {}.", token, at, expected),
        record_position_};
}

ReadError JsonReader::ended() const {
    return {"ParseError", "Unexpected end of the data within a value.", record_position_};
}

Read<bool> JsonReader::next() {
    window_.consume(end_);
    end_ = 0;
    record_ = {};
    auto const found = skip_to_value();
    if (!found || !*found) return found;
    record_position_ = window_.position();
    return read_value();
}

Read<bool> JsonReader::skip_to_value() {
    while (true) {
        auto const text = window_.text();
        bool const is_short = text.size() < std::max(separator_.size(), std::size_t{1});
        if (is_short && !is_last_) {
            is_last_ = !window_.fill();
            continue;
        }
        if (text.empty()) {
            if (is_in_array_) return ended();
            return false;
        }
        std::size_t count = 0;
        if (auto error = skip_between(text, count)) return *std::move(error);
        if (count == 0) return true;
        window_.consume(count);
    }
}

std::optional<ReadError> JsonReader::skip_between(std::string_view text, std::size_t& count) {
    char const letter = text[0];
    count = 1;
    if (json::is_blank(letter)) return std::nullopt;
    if (!is_in_array_ && !separator_.empty() && text.starts_with(separator_)) {
        count = separator_.size();
        return std::nullopt;
    }
    if (!is_in_array_ && letter == '[') {
        is_in_array_ = true;
        needs_comma_ = false;
        return std::nullopt;
    }
    if (is_in_array_ && letter == ']') {
        is_in_array_ = false;
        return std::nullopt;
    }
    if (is_in_array_ && needs_comma_) {
        needs_comma_ = false;
        if (letter == ',') return std::nullopt;
        return unexpected(letter, window_.position(), "']', or ','");
    }
    count = 0;
    if (letter == '{' || (is_in_array_ && letter == '[') || starts_scalar(letter)) return std::nullopt;
    return unexpected(letter, window_.position(), kRecordStart);
}

bool JsonReader::ends_scalar(char letter) const {
    return json::is_blank(letter) || letter == ',' || letter == ']' || letter == '}' || letter == '{' ||
           (!is_in_array_ && separator_.starts_with(letter));
}

Read<bool> JsonReader::read_value() {
    depth_ = 0;
    is_in_string_ = false;
    is_complete_ = false;
    while (true) {
        scan();
        if (is_complete_) break;
        if (end_ > kLongestRecord)
            return ReadError{"ParseError", "A record is longer than 4 MiB.", record_position_};
        if (is_last_) {
            if (depth_ > 0 || is_in_string_) return ended();
            break;
        }
        is_last_ = !window_.fill();
    }
    record_ = window_.text().substr(0, end_);
    needs_comma_ = true;
    auto const fault = json::find_fault(record_);
    if (!fault) return true;
    if (fault->at >= record_.size()) return ended();
    return unexpected(record_[fault->at], record_position_ + fault->at, fault->expected);
}

// To the bracket that closes the value; strings are passed over.
void JsonReader::scan() {
    auto const text = window_.text();
    while (end_ < text.size() && !is_complete_) {
        char const letter = text[end_];
        if (is_in_string_) {
            if (letter == '\\') {
                // What is escaped may lie behind the window.
                if (end_ + 1 == text.size() && !is_last_) return;
                ++end_;
            }
            if (letter == '"') is_in_string_ = false;
            if (end_ < text.size()) ++end_;
            is_complete_ = letter == '"' && depth_ == 0;
            continue;
        }
        bool const opens = letter == '{' || letter == '[';
        bool const closes = letter == '}' || letter == ']';
        bool const is_scalar = depth_ == 0 && !opens && letter != '"';
        if (is_scalar && end_ > 0 && ends_scalar(letter)) {
            is_complete_ = true;
            return;
        }
        ++end_;
        if (letter == '"') is_in_string_ = true;
        if (opens) ++depth_;
        if (closes) is_complete_ = --depth_ <= 0;
    }
}

}  // namespace bluebatch::emulator::blob::query
