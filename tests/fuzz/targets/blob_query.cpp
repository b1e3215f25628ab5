// SQL of Query Blob Contents: the first line is a query, the rest a blob that it is run on in both formats.
#include "emulator/blob/query/engine.hpp"
#include "emulator/blob/query/parser.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace query = emulator::blob::query;

class TextSource : public query::Source {
public:
    explicit TextSource(std::string_view text) : text_(text) {}
    std::size_t read(std::span<char> into) override {
        auto const count = text_.copy(into.data(), into.size());
        text_.remove_prefix(count);
        return count;
    }

private:
    std::string_view text_;
};

class CountingSink : public query::Sink {
public:
    void write(std::string_view bytes) override { size += bytes.size(); }
    std::size_t size = 0;
};

void run(std::string_view sql, std::string_view blob, query::InputFormat input, query::OutputFormat output) {
    auto parsed = query::parse_query(sql);
    if (!parsed) {
        check(!parsed.error().message.empty(), "who refuses says why", sql);
        return;
    }
    check(parsed->projections.size() <= query::kMostColumns, "columns are bounded", sql);
    TextSource source(blob);
    CountingSink sink;
    auto const error = query::run(
        {*std::move(parsed), std::move(input), std::move(output), 0, blob.size(), {}}, source, sink, {}
    );
    check(error || sink.size > 0, "there is an answer, or a reason", sql);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const sql = take_line(input);
    query::DelimitedFormat with_headers;
    with_headers.has_headers = true;
    run(sql, input, query::DelimitedFormat{}, query::DelimitedOutput{});
    run(sql, input, with_headers, query::JsonOutput{});
    run(sql, input, query::JsonFormat{}, query::JsonOutput{});
    return 0;
}

}  // namespace bluebatch::fuzz
