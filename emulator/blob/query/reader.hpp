#pragma once

#include "emulator/blob/query/value.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob::query {

inline constexpr std::size_t kLongestRecord = 4 << 20;
inline constexpr std::size_t kMostFields = 64 << 10;

// Where bytes come from.
class Source {
public:
    Source() = default;
    virtual ~Source() = default;
    Source(Source const&) = delete;
    Source& operator=(Source const&) = delete;
    // How many were read; 0: there are no more.
    virtual std::size_t read(std::span<char> into) = 0;
};

// Why the rest of a blob can't be read.
struct ReadError {
    std::string name;
    std::string description;
    std::uint64_t position = 0;  // of the record
};
[[noreturn]] void throw_exception_from_error(ReadError const& error, boost::source_location const&);

template <class T>
using Read = base::Result<T, ReadError>;

// The bytes of a source from the start of a record on, as far as they have been read.
class Window {
public:
    explicit Window(Source& source) : source_(source) {}
    // The record being read; `fill` and `consume` invalidate it.
    std::string_view text() const { return std::string_view{buffer_}.substr(start_); }
    // False: there are no more bytes.
    bool fill();
    // Goes on behind so many bytes.
    void consume(std::size_t count);
    // Where text() starts in the source.
    std::uint64_t position() const { return position_; }

private:
    Source& source_;
    std::string buffer_;
    std::size_t start_ = 0;
    std::uint64_t position_ = 0;
};

struct DelimitedFormat {
    std::string column_separator = ",";
    std::string record_separator = "\n";
    std::optional<char> quote = '"';
    std::optional<char> escape = {};
    bool has_headers = false;
};

// Records of delimited text. A field that starts with a quote ends with one; within it a doubled quote is a
// quote and separators are text. A record that ends in "\r\n" ends before both.
class DelimitedReader {
public:
    DelimitedReader(Source& source, DelimitedFormat format);
    // False: there are no more. Otherwise fields() are those of the next record.
    Read<bool> next();
    std::vector<std::string> const& fields() const { return fields_; }
    std::uint64_t position() const { return record_position_; }        // of the record
    std::uint64_t end_position() const { return window_.position(); }  // behind it and its separator

private:
    enum class State : std::uint8_t { field_start, plain, quoted, after_quote };

    void scan();
    void step(std::string_view text);
    void step_quoted(std::string_view rest);
    void end_field();
    void end_record(std::string_view text);
    ReadError fault(std::string description) const;

    Window window_;
    DelimitedFormat format_;
    std::size_t foresight_;  // how many bytes a step may look at
    std::string specials_;   // bytes that a field does not simply hold
    std::vector<std::string> fields_;
    std::string field_;
    std::uint64_t record_position_ = 0;
    std::size_t at_ = 0;  // in the window
    State state_ = State::field_start;
    bool is_complete_ = false;
    bool is_last_ = false;  // the window will not grow
};

// Values of JSON one after another, whatever lies between them: white space, a separator, or the brackets
// and commas of one large array.
class JsonReader {
public:
    JsonReader(Source& source, std::string separator);
    Read<bool> next();
    // Valid JSON.
    std::string_view record() const { return record_; }
    std::uint64_t position() const { return record_position_; }
    std::uint64_t end_position() const { return window_.position() + end_; }

private:
    Read<bool> skip_to_value();
    // Empty: the byte belongs between values, and so many bytes of it were skipped.
    std::optional<ReadError> skip_between(std::string_view text, std::size_t& count);
    Read<bool> read_value();
    void scan();
    bool ends_scalar(char letter) const;
    ReadError unexpected(char letter, std::uint64_t at, std::string_view expected) const;
    ReadError ended() const;

    Window window_;
    std::string separator_;
    std::string_view record_;
    std::uint64_t record_position_ = 0;
    std::size_t end_ = 0;  // how far the record has been scanned in the window
    int depth_ = 0;
    bool is_in_string_ = false;
    bool is_complete_ = false;
    bool is_last_ = false;
    bool is_in_array_ = false;
    bool needs_comma_ = false;
};

}  // namespace bluebatch::emulator::blob::query
