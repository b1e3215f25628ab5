#pragma once

#include "emulator/blob/query/answer.hpp"
#include "emulator/blob/query/expression.hpp"
#include "emulator/blob/query/reader.hpp"
#include "emulator/blob/query/tokenizer.hpp"
#include "emulator/blob/query/writer.hpp"

#include <optional>
#include <variant>

namespace bluebatch::emulator::blob::query {

struct JsonFormat {
    std::string record_separator = "\n";
};
using InputFormat = std::variant<DelimitedFormat, JsonFormat>;

struct Job {
    Query query;
    InputFormat input;
    OutputFormat output;
    std::uint64_t offset = 0;  // of the source's first byte in the blob
    std::uint64_t total = 0;   // bytes of the source
    base::TimePoint now;       // for UTCNOW
};

// Reads the source record by record, whatever its size, and writes the whole answer. What goes wrong with a
// record or with reading is told in the answer; the error is a query that does not fit its input, such as
// one that names an unknown column: then the sink's bytes are worth nothing.
std::optional<QueryError> run(Job job, Source& source, Sink& sink, SyncMarker const& marker);

}  // namespace bluebatch::emulator::blob::query
