#include "emulator/blob/query/reader.hpp"

#include <algorithm>
#include <stdexcept>

namespace bluebatch::emulator::blob::query {

void throw_exception_from_error(ReadError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked error of a reader: " + error.description);
}

bool Window::fill() {
    constexpr std::size_t kPiece = 64 << 10;
    if (start_ > 0) {
        buffer_.erase(0, start_);
        start_ = 0;
    }
    auto const size = buffer_.size();
    buffer_.resize(size + kPiece);
    auto const count = source_.read(std::span{buffer_}.subspan(size));
    buffer_.resize(size + count);
    return count > 0;
}

void Window::consume(std::size_t count) {
    start_ += count;
    position_ += count;
}

DelimitedReader::DelimitedReader(Source& source, DelimitedFormat format)
    : window_(source),
      format_(std::move(format)),
      foresight_(std::max({format_.record_separator.size(), format_.column_separator.size(), std::size_t{2}})
      ) {
    // Doubling is how such a quote is escaped anyway.
    if (format_.escape == format_.quote) format_.escape.reset();
    specials_ = {format_.column_separator[0], format_.record_separator[0]};
    if (format_.quote) specials_ += *format_.quote;
    if (format_.escape) specials_ += *format_.escape;
}

ReadError DelimitedReader::fault(std::string description) const {
    return {"ParseError", std::move(description), record_position_};
}

Read<bool> DelimitedReader::next() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (window_.position() == 0) {
        while (!is_last_ && window_.text().size() < kByteOrderMark.size())
            is_last_ = !window_.fill();
        if (window_.text().starts_with(kByteOrderMark)) window_.consume(kByteOrderMark.size());
    }
    record_position_ = window_.position();
    fields_.clear();
    field_.clear();
    at_ = 0;
    state_ = State::field_start;
    is_complete_ = false;
    while (true) {
        scan();
        if (fields_.size() > kMostFields) return fault("A record has more than 65536 fields.");
        if (is_complete_) return true;
        if (at_ > kLongestRecord) return fault("A record is longer than 4 MiB.");
        if (!is_last_) {
            is_last_ = !window_.fill();
            continue;
        }
        if (at_ == 0) return false;
        if (state_ == State::quoted) return fault("A quoted field is not closed.");
        end_field();
        window_.consume(at_);
        return true;
    }
}

void DelimitedReader::scan() {
    auto const text = window_.text();
    while (!is_complete_ && at_ < text.size() && fields_.size() <= kMostFields) {
        if (!is_last_ && text.size() - at_ < foresight_) return;
        step(text);
    }
}

void DelimitedReader::step(std::string_view text) {
    auto const rest = text.substr(at_);
    auto const plain = std::min(rest.find_first_of(specials_), rest.size());
    if (plain > 0) {
        field_ += rest.substr(0, plain);
        at_ += plain;
        if (state_ == State::field_start) state_ = State::plain;
        return;
    }
    if (format_.escape && rest[0] == *format_.escape && rest.size() > 1) {
        field_ += rest[1];
        at_ += 2;
        if (state_ == State::field_start) state_ = State::plain;
        return;
    }
    if (state_ == State::quoted) return step_quoted(rest);
    if (rest.starts_with(format_.record_separator)) return end_record(text);
    if (rest.starts_with(format_.column_separator)) {
        end_field();
        at_ += format_.column_separator.size();
        state_ = State::field_start;
        return;
    }
    ++at_;
    if (state_ == State::field_start && format_.quote == rest[0]) {
        state_ = State::quoted;
        return;
    }
    if (state_ == State::field_start) state_ = State::plain;
    field_ += rest[0];
}

void DelimitedReader::step_quoted(std::string_view rest) {
    ++at_;
    if (rest[0] != *format_.quote) {
        field_ += rest[0];
        return;
    }
    if (rest.size() > 1 && rest[1] == *format_.quote) {
        field_ += rest[0];
        ++at_;
        return;
    }
    state_ = State::after_quote;
}

void DelimitedReader::end_field() {
    fields_.push_back(std::move(field_));
    field_.clear();
}

void DelimitedReader::end_record(std::string_view text) {
    bool const ends_in_cr = at_ > 0 && text[at_ - 1] == '\r' && field_.ends_with('\r');
    if (format_.record_separator == "\n" && ends_in_cr) field_.pop_back();
    end_field();
    window_.consume(at_ + format_.record_separator.size());
    is_complete_ = true;
}

}  // namespace bluebatch::emulator::blob::query
