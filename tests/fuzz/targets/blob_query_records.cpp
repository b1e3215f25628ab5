// Records of queried blobs. The first line is column separator, record separator, quote and escape, each one
// character; records must be the same in whatever pieces the bytes come.
#include "emulator/blob/query/json.hpp"
#include "emulator/blob/query/reader.hpp"
#include "emulator/blob/query/writer.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>
#include <optional>

namespace bluebatch::fuzz {
namespace {

namespace query = emulator::blob::query;
using Records = std::vector<std::vector<std::string>>;

class PieceSource : public query::Source {
public:
    PieceSource(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    std::size_t read(std::span<char> into) override {
        auto const count = text_.copy(into.data(), std::min(into.size(), piece_));
        text_.remove_prefix(count);
        return count;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

std::optional<char> character(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] == ' ') return std::nullopt;
    return text[at];
}

query::DelimitedFormat format_of(std::string_view line) {
    query::DelimitedFormat format;
    format.column_separator = character(line, 0).value_or(',');
    format.record_separator = character(line, 1).value_or('\n');
    format.quote = character(line, 2);
    format.escape = character(line, 3);
    return format;
}

// What went wrong is the last record.
template <class Reader, class Fields>
Records read_all(Reader reader, std::string_view text, Fields fields) {
    Records all;
    std::uint64_t position = 0;
    while (true) {
        auto const read = reader.next();
        if (!read) {
            all.push_back({read.error().name, read.error().description});
            return all;
        }
        if (!*read) return all;
        check(reader.position() >= position, "records follow each other", text);
        check(reader.end_position() > reader.position(), "records are not empty", text);
        check(reader.end_position() <= text.size(), "records lie in the blob", text);
        position = reader.end_position();
        all.push_back(fields(reader));
    }
}

Records read_delimited(std::string_view text, query::DelimitedFormat const& format, std::size_t piece) {
    PieceSource source(text, piece);
    return read_all(query::DelimitedReader{source, format}, text, [](auto const& reader) {
        return reader.fields();
    });
}

Records read_json(std::string_view text, std::size_t piece) {
    PieceSource source(text, piece);
    return read_all(query::JsonReader{source, ";"}, text, [](auto const& reader) {
        check(!query::json::find_fault(reader.record()), "records are JSON", reader.record());
        return std::vector{std::string{reader.record()}};
    });
}

void check_writing(Records const& records) {
    for (auto const& record : records) {
        query::Row row;
        for (auto const& field : record)
            row.push_back({field, field});
        std::string line;
        query::append_row(line, row, query::DelimitedOutput{});
        auto const again = read_delimited(line, {}, line.size());
        // A lone byte order mark at the start is none of the record's.
        bool const has_mark = line.starts_with("\xEF\xBB\xBF");
        check(has_mark || (again.size() == 1 && again[0] == record), "what was written reads the same", line);
        std::string object;
        query::append_row(object, row, query::JsonOutput{});
        check(!query::json::find_fault(object), "answers are JSON", object);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const format = format_of(take_line(input));
    auto const delimited = read_delimited(input, format, input.size());
    auto const json = read_json(input, input.size());
    for (std::size_t const piece : {1U, 2U, 7U}) {
        check(read_delimited(input, format, piece) == delimited, "pieces make no difference", input);
        check(read_json(input, piece) == json, "pieces make no difference to JSON", input);
    }
    check_writing(delimited);
    return 0;
}

}  // namespace bluebatch::fuzz
