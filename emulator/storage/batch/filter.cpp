#include "emulator/storage/batch/filter.hpp"

#include "emulator/domain/certificate.hpp"
#include "emulator/domain/job_schedule.hpp"
#include "emulator/storage/batch/record.hpp"

#include <fmt/format.h>

#include <span>

namespace bluebatch::emulator::storage {
namespace {

using codec::odata::Combination;
using codec::odata::Comparison;
using codec::odata::Filter;
using codec::odata::Operator;

enum class ColumnType : std::uint8_t { text, word, time, number, truth };

// Which operators a field allows. Batch: REST-25
enum class Allowed : std::uint8_t { equals, equality, order, order_and_prefix, all_but_ne };

struct Column {
    std::string_view field;
    std::string_view sql;
    ColumnType type;
    Allowed allowed;
    std::span<std::string_view const> words = {};
};

template <class Enum>
constexpr std::span<std::string_view const> words_of() {
    return domain::kWords<Enum>;
}

// clang-format off
constexpr auto kPoolFilterColumns = std::to_array<Column>({
    {"id",                            "id",                    ColumnType::text,  Allowed::order_and_prefix},
    {"state",                         "state",                 ColumnType::word,  Allowed::equality, words_of<domain::PoolState>()},
    {"stateTransitionTime",           "state_time",            ColumnType::time,  Allowed::order},
    {"allocationState",               "allocation_state",      ColumnType::word,  Allowed::equality, words_of<domain::AllocationState>()},
    {"allocationStateTransitionTime", "allocation_state_time", ColumnType::time,  Allowed::order},
    {"creationTime",                  "creation_time",         ColumnType::time,  Allowed::order},
    {"lastModified",                  "last_modified",         ColumnType::time,  Allowed::order},
    {"vmSize",                        "vm_size",               ColumnType::text,  Allowed::equality},
    {"enableAutoScale",               "(auto_scale IS NOT NULL)", ColumnType::truth, Allowed::equality},
    {"enableInterNodeCommunication",  "ifnull(json_extract(document, '$.enableInterNodeCommunication'), 0)", ColumnType::truth, Allowed::equality},
});

constexpr auto kNodeColumns = std::to_array<Column>({
    {"state",                   "state",            ColumnType::word,   Allowed::equality, words_of<domain::NodeState>()},
    {"stateTransitionTime",     "state_time",       ColumnType::time,   Allowed::order},
    {"lastBootTime",            "last_boot_time",   ColumnType::time,   Allowed::order},
    {"allocationTime",          "allocation_time",  ColumnType::time,   Allowed::order},
    {"startTaskInfo/state",     "start_state",      ColumnType::word,   Allowed::equals,   words_of<domain::NodeTaskState>()},
    {"startTaskInfo/result",    "start_result",     ColumnType::word,   Allowed::equality, words_of<domain::TaskResult>()},
    {"startTaskInfo/exitCode",  "start_exit_code",  ColumnType::number, Allowed::order},
    {"startTaskInfo/startTime", "start_start_time", ColumnType::time,   Allowed::order},
    {"startTaskInfo/endTime",   "start_end_time",   ColumnType::time,   Allowed::order},
});

constexpr auto kJobFilterColumns = std::to_array<Column>({
    {"id",                      "id",            ColumnType::text, Allowed::order_and_prefix},
    {"state",                   "state",         ColumnType::word, Allowed::equality, words_of<domain::JobState>()},
    {"stateTransitionTime",     "state_time",    ColumnType::time, Allowed::order},
    {"creationTime",            "creation_time", ColumnType::time, Allowed::order},
    {"lastModified",            "last_modified", ColumnType::time, Allowed::order},
    {"executionInfo/startTime", "start_time",    ColumnType::time, Allowed::order},
    {"executionInfo/endTime",   "end_time",      ColumnType::time, Allowed::order},
    {"executionInfo/poolId",    "pool_id",       ColumnType::text, Allowed::order_and_prefix},
});

constexpr auto kJobScheduleColumns = std::to_array<Column>({
    {"id",                      "id",               ColumnType::text, Allowed::order_and_prefix},
    {"state",                   "state",            ColumnType::word, Allowed::equality, words_of<domain::JobScheduleState>()},
    {"stateTransitionTime",     "state_time",       ColumnType::time, Allowed::order},
    {"creationTime",            "creation_time",    ColumnType::time, Allowed::order},
    {"lastModified",            "last_modified",    ColumnType::time, Allowed::order},
    {"executionInfo/endTime",   "end_time",         ColumnType::time, Allowed::order},
    {"schedule/doNotRunUntil",  "do_not_run_until", ColumnType::time, Allowed::order},
    {"schedule/doNotRunAfter",  "do_not_run_after", ColumnType::time, Allowed::order},
});

constexpr auto kTaskFilterColumns = std::to_array<Column>({
    {"id",                      "t.id",            ColumnType::text,   Allowed::order_and_prefix},
    {"state",                   "t.state",         ColumnType::word,   Allowed::equality, words_of<domain::TaskState>()},
    {"stateTransitionTime",     "t.state_time",    ColumnType::time,   Allowed::order},
    {"creationTime",            "t.creation_time", ColumnType::time,   Allowed::order},
    {"lastModifiedTime",        "t.last_modified", ColumnType::time,   Allowed::order},
    {"executionInfo/startTime", "t.start_time",    ColumnType::time,   Allowed::order},
    {"executionInfo/endTime",   "t.end_time",      ColumnType::time,   Allowed::order},
    {"executionInfo/exitCode",  "t.exit_code",     ColumnType::number, Allowed::order},
    {"executionInfo/result",    "t.result",        ColumnType::word,   Allowed::equality, words_of<domain::TaskResult>()},
});

constexpr auto kJobNodeColumns = std::to_array<Column>({
    {"poolId",                                  "n.pool_id",            ColumnType::text,   Allowed::equality},
    {"nodeId",                                  "n.node_id",            ColumnType::text,   Allowed::equality},
    {"jobPreparationTaskExecutionInfo/state",     "n.prep_state",       ColumnType::word,   Allowed::equals,   words_of<domain::NodeTaskState>()},
    {"jobPreparationTaskExecutionInfo/startTime", "n.prep_start_time",  ColumnType::time,   Allowed::order},
    {"jobPreparationTaskExecutionInfo/endTime",   "n.prep_end_time",    ColumnType::time,   Allowed::order},
    {"jobPreparationTaskExecutionInfo/exitCode",  "n.prep_exit_code",   ColumnType::number, Allowed::order},
    {"jobPreparationTaskExecutionInfo/result",    "n.prep_result",      ColumnType::word,   Allowed::equality, words_of<domain::TaskResult>()},
    {"jobReleaseTaskExecutionInfo/state",         "n.release_state",      ColumnType::word,   Allowed::equals,   words_of<domain::NodeTaskState>()},
    {"jobReleaseTaskExecutionInfo/startTime",     "n.release_start_time", ColumnType::time,   Allowed::order},
    {"jobReleaseTaskExecutionInfo/endTime",       "n.release_end_time",   ColumnType::time,   Allowed::order},
    {"jobReleaseTaskExecutionInfo/exitCode",      "n.release_exit_code",  ColumnType::number, Allowed::order},
    {"jobReleaseTaskExecutionInfo/result",        "n.release_result",     ColumnType::word,   Allowed::equality, words_of<domain::TaskResult>()},
});

constexpr auto kCertificateColumns = std::to_array<Column>({
    {"state",               "state",      ColumnType::word, Allowed::equality, words_of<domain::CertificateState>()},
    {"stateTransitionTime", "state_time", ColumnType::time, Allowed::order},
});

constexpr auto kUsageColumns = std::to_array<Column>({
    {"poolId", "pool_id", ColumnType::text, Allowed::all_but_ne},
});
// clang-format on

std::span<Column const> columns_of(ListKind kind) {
    switch (kind) {
        case ListKind::pools:
            return kPoolFilterColumns;
        case ListKind::nodes:
            return kNodeColumns;
        case ListKind::jobs:
            return kJobFilterColumns;
        case ListKind::job_schedules:
            return kJobScheduleColumns;
        case ListKind::job_nodes:
            return kJobNodeColumns;
        case ListKind::certificates:
            return kCertificateColumns;
        case ListKind::usage:
            return kUsageColumns;
        case ListKind::tasks:
            break;
    }
    return kTaskFilterColumns;
}

// Names compare with case. Batch: REST-23
Column const* find_column(ListKind kind, std::string_view field) {
    for (auto const& column : columns_of(kind)) {
        if (column.field == field) return &column;
    }
    return nullptr;
}

bool allows(Allowed allowed, Operator op) {
    bool const is_prefix = allowed == Allowed::order_and_prefix || allowed == Allowed::all_but_ne;
    if (op == Operator::eq) return true;
    if (op == Operator::ne) return allowed != Allowed::equals && allowed != Allowed::all_but_ne;
    if (op == Operator::starts_with) return is_prefix;
    return allowed == Allowed::order || is_prefix;
}

// Compared texts ignore case. Batch: REST-23
std::optional<std::int64_t> find_word(Column const& column, std::string_view text) {
    for (std::size_t i = 0; i < column.words.size(); ++i) {
        if (base::equal_ignoring_case(column.words[i], text)) return static_cast<std::int64_t>(i);
    }
    return std::nullopt;
}

// What a literal becomes in a column, or nothing where its type does not fit. A time may be a plain text.
std::optional<Value> bind(Column const& column, codec::odata::Literal const& literal) {
    auto const* const text = std::get_if<std::string>(&literal);
    switch (column.type) {
        case ColumnType::text:
            return text != nullptr ? std::optional<Value>{Value(*text)} : std::nullopt;
        case ColumnType::word: {
            auto const word = text != nullptr ? find_word(column, *text) : std::nullopt;
            return word ? std::optional<Value>{Value(*word)} : std::nullopt;
        }
        case ColumnType::time: {
            auto time = text != nullptr ? base::parse_iso8601(*text) : std::nullopt;
            if (auto const* const typed = std::get_if<base::TimePoint>(&literal)) time = *typed;
            return time ? std::optional<Value>{Value(record::column(*time))} : std::nullopt;
        }
        case ColumnType::number: {
            auto const* const number = std::get_if<std::int64_t>(&literal);
            return number != nullptr ? std::optional<Value>{Value(*number)} : std::nullopt;
        }
        case ColumnType::truth: {
            auto const* const truth = std::get_if<bool>(&literal);
            return truth != nullptr ? std::optional<Value>{Value(*truth ? 1 : 0)} : std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(ListKind kind, Comparison const& comparison) {
    auto const* const column = find_column(kind, comparison.field);
    if (column == nullptr) return fmt::format("Filtering by '{}' is not possible here", comparison.field);
    if (!allows(column->allowed, comparison.op))
        return fmt::format("The operator is not allowed for '{}'", comparison.field);
    if (!bind(*column, comparison.value))
        return fmt::format("The value compared with '{}' is not one that it can have", comparison.field);
    return std::nullopt;
}

// What is absent differs from every value, hence IS NOT.
std::string_view sql_of(Operator op) {
    switch (op) {
        case Operator::eq:
            return " = ?";
        case Operator::ne:
            return " IS NOT ?";
        case Operator::gt:
            return " > ?";
        case Operator::ge:
            return " >= ?";
        case Operator::lt:
            return " < ?";
        default:
            return " <= ?";
    }
}

void append_comparison(std::string& sql, Values& values, ListKind kind, Comparison const& comparison) {
    auto const* const column = find_column(kind, comparison.field);
    if (column->type == ColumnType::word) {
        // Written rather than bound, so that indexes of one state or result can serve.
        auto const word = find_word(*column, std::get<std::string>(comparison.value)).value_or(-1);
        sql += fmt::format("{} {} {}", column->sql, comparison.op == Operator::eq ? "=" : "IS NOT", word);
        return;
    }
    auto const value = bind(*column, comparison.value).value_or(Value{nullptr});
    values.push_back(value);
    if (comparison.op != Operator::starts_with) {
        sql.append(column->sql).append(sql_of(comparison.op));
        return;
    }
    // The greatest character there is ends the range of texts that begin so; an index can serve that.
    sql += fmt::format("({0} >= ? AND {0} <= ? || char(1114111))", column->sql);
    values.push_back(value);
}

// One bit for each state.
using States = unsigned;
constexpr States kAllStates = (1U << domain::kWords<domain::TaskState>.size()) - 1;

States states_of(Comparison const& comparison) {
    if (comparison.field != "state") return kAllStates;
    auto const state = domain::parse_word<domain::TaskState>(std::get<std::string>(comparison.value));
    auto const bit = state ? 1U << static_cast<unsigned>(*state) : 0U;
    return comparison.op == Operator::eq ? bit : kAllStates & ~bit;
}

States states_of(Filter const& filter) {
    if (auto const* const comparison = std::get_if<Comparison>(&filter.node)) return states_of(*comparison);
    auto const& combination = std::get<Combination>(filter.node);
    bool const all = combination.kind == Combination::Kind::all;
    States states = all ? kAllStates : 0U;
    for (auto const& part : combination.parts)
        states = all ? states & states_of(part) : states | states_of(part);
    return states;
}

}  // namespace

std::optional<std::string> fault_of(ListKind kind, Filter const& filter) {
    if (auto const* const comparison = std::get_if<Comparison>(&filter.node))
        return fault_of(kind, *comparison);
    for (auto const& part : std::get<Combination>(filter.node).parts) {
        if (auto fault = fault_of(kind, part)) return fault;
    }
    return std::nullopt;
}

void append_condition(std::string& sql, Values& values, ListKind kind, Filter const& filter) {
    if (auto const* const comparison = std::get_if<Comparison>(&filter.node))
        return append_comparison(sql, values, kind, *comparison);
    auto const& combination = std::get<Combination>(filter.node);
    std::string_view const glue = combination.kind == Combination::Kind::all ? " AND " : " OR ";
    sql += '(';
    for (std::size_t i = 0; i < combination.parts.size(); ++i) {
        if (i > 0) sql += glue;
        append_condition(sql, values, kind, combination.parts[i]);
    }
    sql += ')';
}

void append_filter(std::string& sql, Values& values, ListKind kind, ListQuery const& query) {
    if (!query.filter) return;
    sql += " AND ";
    append_condition(sql, values, kind, *query.filter);
}

std::vector<domain::TaskState> possible_states(std::optional<Filter> const& filter) {
    auto const bits = filter ? states_of(*filter) : kAllStates;
    std::vector<domain::TaskState> states;
    for (unsigned i = 0; i < domain::kWords<domain::TaskState>.size(); ++i) {
        if ((bits & (1U << i)) != 0) states.push_back(static_cast<domain::TaskState>(i));
    }
    return states;
}

}  // namespace bluebatch::emulator::storage
