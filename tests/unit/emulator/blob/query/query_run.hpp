#pragma once

#include "emulator/blob/query/engine.hpp"
#include "emulator/blob/query/parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bluebatch::emulator::blob::query {

// Text in pieces of a given size, so that a record's parts come in any company.
class TextSource : public Source {
public:
    explicit TextSource(std::string_view text, std::size_t piece = 1 << 20) : text_(text), piece_(piece) {}
    std::size_t read(std::span<char> into) override {
        auto const count = std::min({into.size(), piece_, text_.size()});
        text_.copy(into.data(), count);
        text_.remove_prefix(count);
        return count;
    }

private:
    std::string_view text_;
    std::size_t piece_;
};

class TextSink : public Sink {
public:
    void write(std::string_view bytes) override { text += bytes; }
    std::string text;
};

struct ToldError {
    bool is_fatal = false;
    std::string name;
    std::string description;
    std::uint64_t position = 0;
};

// What an answer says. Reads the container as its format is written down, and fails on anything else.
struct Told {
    std::string data;
    std::vector<ToldError> errors;
    std::vector<std::uint64_t> progress;
    std::optional<std::uint64_t> end;
    std::string first_record;  // "data", "error", "progress" or "end"
    bool is_well_formed = true;
};

class AvroReader {
public:
    explicit AvroReader(std::string_view bytes) : rest_(bytes) {}

    Told read() {
        expect(take(4) == "Obj\x01");
        for (auto count = number(); count > 0; --count) {
            text();
            text();
        }
        expect(number() == 0);
        auto const marker = std::string{take(16)};
        while (!rest_.empty() && told_.is_well_formed) {
            auto count = number();
            auto const size = number();
            auto const before = rest_.size();
            for (; count > 0 && told_.is_well_formed; --count)
                read_record();
            expect(before - rest_.size() == size);
            expect(take(16) == marker);
        }
        return std::move(told_);
    }

private:
    void read_record() {
        expect(!told_.end);
        auto const kind = number();
        if (kind == 0) {
            told_.data += text();
            note("data");
        } else if (kind == 1) {
            ToldError error;
            error.is_fatal = take(1) == "\x01";
            error.name = text();
            error.description = text();
            error.position = number();
            told_.errors.push_back(std::move(error));
            note("error");
        } else if (kind == 2) {
            told_.progress.push_back(number());
            number();
            note("progress");
        } else {
            told_.end = number();
            note("end");
        }
    }
    void note(char const* kind) {
        if (told_.first_record.empty()) told_.first_record = kind;
    }
    void expect(bool holds) { told_.is_well_formed = told_.is_well_formed && holds; }
    std::string_view take(std::size_t count) {
        expect(count <= rest_.size());
        auto const taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            auto const byte = take(1);
            if (byte.empty()) return 0;
            value |= std::uint64_t{static_cast<unsigned char>(byte[0]) & 0x7FU} << shift;
            if ((static_cast<unsigned char>(byte[0]) & 0x80U) == 0) break;
        }
        return value / 2;
    }
    std::string_view text() { return take(number()); }

    std::string_view rest_;
    Told told_;
};

struct RunOptions {
    InputFormat input = DelimitedFormat{};
    OutputFormat output = DelimitedOutput{};
    std::size_t piece = 1 << 20;
    std::uint64_t offset = 0;
};

// 2020-06-15T12:30:00Z is now.
inline base::Result<Told, QueryError> run_query(
    std::string_view sql, std::string_view blob, RunOptions const& options = {}
) {
    auto query = parse_query(sql);
    if (!query) return query.error();
    TextSource source(blob, options.piece);
    TextSink sink;
    auto const now = base::parse_iso8601("2020-06-15T12:30:00Z").value();
    auto const error =
        run({*std::move(query), options.input, options.output, options.offset, blob.size(), now},
            source,
            sink,
            SyncMarker{1, 2, 3});
    if (error) return *error;
    return AvroReader{sink.text}.read();
}

inline Told told(std::string_view sql, std::string_view blob, RunOptions const& options = {}) {
    auto answer = run_query(sql, blob, options);
    EXPECT_TRUE(answer) << sql << ": " << (answer ? "" : answer.error().message);
    if (!answer) return {};
    EXPECT_TRUE(answer->is_well_formed) << sql;
    EXPECT_EQ(answer->end, blob.size()) << sql;
    return *std::move(answer);
}

// The data of an answer without errors.
inline std::string data(std::string_view sql, std::string_view blob, RunOptions const& options = {}) {
    auto const answer = told(sql, blob, options);
    for (auto const& error : answer.errors)
        ADD_FAILURE() << sql << ": " << error.name << " " << error.description;
    return answer.data;
}

// Why a query is refused.
inline std::string refusal(std::string_view sql, std::string_view blob = {}, RunOptions const& options = {}) {
    auto const answer = run_query(sql, blob, options);
    EXPECT_FALSE(answer) << sql;
    return answer ? std::string{} : answer.error().message;
}

inline RunOptions with_headers() {
    DelimitedFormat input;
    input.has_headers = true;
    return {input, DelimitedOutput{}};
}

inline RunOptions json_lines() {
    return {JsonFormat{}, JsonOutput{}};
}

}  // namespace bluebatch::emulator::blob::query
