#include "emulator/blob/query/engine.hpp"

#include "emulator/blob/query/aggregation.hpp"
#include "emulator/blob/query/expression_parser.hpp"
#include "emulator/blob/query/records.hpp"

namespace bluebatch::emulator::blob::query {
namespace {

enum class Flow : std::uint8_t { more, enough };

// Evaluates the query on one record after another and writes what comes of it.
class Selection {
public:
    Selection(Job const& job, Answer& answer) : job_(job), answer_(answer), evaluator_(job.now) {
        if (job.query.has_aggregate()) aggregation_.emplace(job.query.projections[0].aggregate);
    }

    bool is_full() const { return !aggregation_ && job_.query.limit && rows_ >= *job_.query.limit; }

    // `position`: of the record, in the source.
    void take(Selectable const& record, std::uint64_t position) {
        if (auto const fault = evaluate(record)) {
            auto const [name, text] = std::pair{name_of(fault->fault), description_of(fault->fault)};
            answer_.error(false, {std::string{name}, std::string{text}, job_.offset + position});
        }
        answer_.poll();
    }

    // A header whose names do not depend on a record.
    void write_names(Row const& names) {
        if (std::exchange(has_header_, true)) return;
        append_header(answer_.data(), names, job_.output);
    }

    void finish() {
        if (!aggregation_ || job_.query.limit == 0U) return;
        write({{job_.query.projections[0].name, aggregation_->result()}});
    }

    void write(Row const& row) {
        write_names(row);
        append_row(answer_.data(), row, job_.output);
        ++rows_;
    }

private:
    std::optional<RecordFault> evaluate(Selectable const& record) {
        if (job_.query.where) {
            auto const value = evaluator_.evaluate(*job_.query.where, record);
            if (!value) return value.error();
            auto const truth = to_truth(*value);
            if (!truth) return truth.error();
            if (*truth != true) return std::nullopt;
        }
        if (aggregation_) return aggregate(record);
        Row row;
        if (job_.query.projections.empty()) row = record.all();
        for (auto const& projection : job_.query.projections) {
            auto value = evaluator_.evaluate(projection.expression, record);
            if (!value) return value.error();
            row.push_back({projection.name, *std::move(value)});
        }
        write(row);
        return std::nullopt;
    }

    std::optional<RecordFault> aggregate(Selectable const& record) {
        auto const value = evaluator_.evaluate(job_.query.projections[0].expression, record);
        if (!value) return value.error();
        return aggregation_->add(*value);
    }

    Job const& job_;
    Answer& answer_;
    Evaluator evaluator_;
    std::optional<Aggregation> aggregation_;
    std::uint64_t rows_ = 0;
    bool has_header_ = false;
};

// Tells now and then how far reading has come.
class Meter {
public:
    Meter(Answer& answer, std::uint64_t total) : answer_(answer), total_(total) {}
    void reach(std::uint64_t position) {
        constexpr std::uint64_t kStep = 4 << 20;
        if (position < told_ + kStep) return;
        told_ = position;
        answer_.progress(position, total_);
    }

private:
    Answer& answer_;
    std::uint64_t total_;
    std::uint64_t told_ = 0;
};

Row names_of(Query const& query, Columns const& columns) {
    Row names;
    for (auto const& projection : query.projections)
        names.push_back({projection.name, Null{}});
    if (query.projections.empty()) {
        for (auto const& name : columns.header())
            names.push_back({name, Null{}});
    }
    return names;
}

class Runner {
public:
    Runner(Job job, Source& source, Answer& answer)
        : job_(std::move(job)), source_(source), answer_(answer), meter_(answer, job_.total) {}

    std::optional<QueryError> run() {
        std::optional<QueryError> error;
        if (auto const* const json = std::get_if<JsonFormat>(&job_.input)) {
            error = run_json(*json);
        } else {
            error = run_delimited(std::get<DelimitedFormat>(job_.input));
        }
        if (error) return error;
        answer_.progress(scanned_, job_.total);
        answer_.end(job_.total);
        return std::nullopt;
    }

private:
    std::optional<QueryError> run_delimited(DelimitedFormat const& format) {
        DelimitedReader reader(source_, format);
        std::vector<std::string> header;
        if (format.has_headers) {
            auto const read = reader.next();
            if (!read) {
                fail(read.error());
                return std::nullopt;
            }
            if (*read) header = reader.fields();
        }
        Columns const columns{std::move(header)};
        // In a blob without a byte there is no column to miss.
        if (!format.has_headers || !columns.header().empty()) {
            if (auto error = columns.bind(job_.query)) return error;
        }
        if (job_.query.is_split) {
            split(reader);
            return std::nullopt;
        }
        Selection selection(job_, answer_);
        auto const names = names_of(job_.query, columns);
        if (!names.empty()) selection.write_names(names);
        read_all(reader, selection, [&] {
            selection.take(DelimitedRecord{reader.fields(), columns}, reader.position());
            return Flow::more;
        });
        return std::nullopt;
    }

    std::optional<QueryError> run_json(JsonFormat const& format) {
        if (job_.query.is_split) return not_supported("sys.split of JSON");
        JsonReader reader(source_, format.record_separator);
        Selection selection(job_, answer_);
        auto const names = names_of(job_.query, Columns{});
        if (!names.empty()) selection.write_names(names);
        auto const scalars =
            job_.query.table.empty() ? JsonRecord::Scalars::empty : JsonRecord::Scalars::column;
        read_all(reader, selection, [&] {
            bool const goes_on =
                for_each_in_table(reader.record(), job_.query.table, [&](std::string_view value) {
                    selection.take(JsonRecord{value, scalars}, reader.position());
                    return !selection.is_full();
                });
            return goes_on ? Flow::more : Flow::enough;
        });
        return std::nullopt;
    }

    template <class Reader, class Take>
    void read_all(Reader& reader, Selection& selection, Take take) {
        while (!selection.is_full()) {
            auto const read = reader.next();
            if (!read) {
                fail(read.error());
                // Nobody may take half an aggregate for the whole.
                if (!job_.query.has_aggregate()) selection.finish();
                return;
            }
            scanned_ = reader.end_position();
            if (!*read) break;
            auto const flow = take();
            meter_.reach(scanned_);
            if (flow == Flow::enough || !is_wanted()) break;
        }
        selection.finish();
    }

    // The sizes of batches of whole records, each of them a row.
    void split(DelimitedReader& reader) {
        std::uint64_t start = 0;
        std::uint64_t rows = 0;
        auto const is_full = [&] { return job_.query.limit && rows >= *job_.query.limit; };
        auto const write = [&](std::uint64_t size) {
            ++rows;
            append_row(answer_.data(), {{"_1", std::to_string(size)}}, job_.output);
            answer_.poll();
        };
        while (!is_full()) {
            auto const read = reader.next();
            if (!read) return fail(read.error());
            scanned_ = reader.end_position();
            meter_.reach(scanned_);
            if (!*read) break;
            if (scanned_ - start < job_.query.split_size) continue;
            write(scanned_ - start);
            start = scanned_;
        }
        if (scanned_ > start && !is_full()) write(scanned_ - start);
    }

    // A record may take long, and to ask costs a system call.
    bool is_wanted() {
        constexpr std::uint64_t kRecordsBetween = 64;
        return ++records_ % kRecordsBetween != 0 || answer_.is_wanted();
    }

    void fail(ReadError error) {
        error.position += job_.offset;
        answer_.error(true, std::move(error));
    }

    Job job_;
    Source& source_;
    Answer& answer_;
    Meter meter_;
    std::uint64_t scanned_ = 0;
    std::uint64_t records_ = 0;
};

}  // namespace

std::optional<QueryError> run(Job job, Source& source, Sink& sink, SyncMarker const& marker) {
    Answer answer(sink, marker);
    return Runner{std::move(job), source, answer}.run();
}

}  // namespace bluebatch::emulator::blob::query
