// $filter of Batch: what was read can be written and read again, and becomes SQL that SQLite takes.
#include "shared/codec/odata.hpp"

#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/certificate_store.hpp"
#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/job_node_store.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"
#include "emulator/storage/batch/usage_store.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/support/temporary_directory.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::fuzz {
namespace {

namespace odata = codec::odata;
namespace storage = emulator::storage;

constexpr std::array<std::string_view, 6> kOperators{" eq ", " ne ", " gt ", " ge ", " lt ", " le "};

std::string quote(std::string_view text) {
    std::string quoted = "'";
    for (char const c : text)
        quoted.append(c == '\'' ? 2 : 1, c);
    return quoted + "'";
}

struct WriteLiteral {
    std::string operator()(std::string const& text) const { return quote(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(base::TimePoint time) const { return "datetime" + quote(base::to_iso8601(time)); }
};

std::string write(odata::Filter const& filter) {
    if (auto const* const comparison = std::get_if<odata::Comparison>(&filter.node)) {
        auto const value = std::visit(WriteLiteral{}, comparison->value);
        if (comparison->op == odata::Operator::starts_with)
            return "startswith(" + comparison->field + ", " + value + ")";
        return comparison->field + std::string(kOperators[static_cast<std::size_t>(comparison->op)]) + value;
    }
    auto const& combination = std::get<odata::Combination>(filter.node);
    check(combination.parts.size() > 1, "a combination has parts");
    std::string text;
    for (auto const& part : combination.parts) {
        if (!text.empty()) text += combination.kind == odata::Combination::Kind::all ? " and " : " or ";
        // `and` binds closer than `or`, so only an `or` within an `and` needs parentheses.
        auto const* const inner = std::get_if<odata::Combination>(&part.node);
        bool const is_wrapped = inner != nullptr && (inner->kind == odata::Combination::Kind::any ||
                                                     combination.kind == odata::Combination::Kind::all);
        text += is_wrapped ? "(" + write(part) + ")" : write(part);
    }
    return text;
}

storage::Database& database() {
    static tests::TemporaryDirectory const directory;
    static storage::Database database(
        directory.path() / "batch.db", storage::batch_schema(), storage::Durability::process
    );
    return database;
}

void list(storage::ListKind kind, odata::Filter const& filter) {
    if (auto const fault = storage::fault_of(kind, filter)) {
        check(!fault->empty(), "a fault says something");
        return;
    }
    storage::Transaction transaction(database());
    storage::ListQuery const query{filter, "", 10};
    switch (kind) {
        case storage::ListKind::pools:
            storage::list_pools(transaction.connection(), query);
            break;
        case storage::ListKind::nodes:
            storage::list_nodes(transaction.connection(), "pool", query);
            break;
        case storage::ListKind::jobs:
            storage::list_jobs(transaction.connection(), query);
            break;
        case storage::ListKind::job_schedules:
            storage::list_job_schedules(transaction.connection(), query);
            break;
        case storage::ListKind::tasks:
            storage::list_tasks(transaction.connection(), "job", query);
            break;
        case storage::ListKind::job_nodes:
            storage::list_job_on_nodes(transaction.connection(), "job", query);
            break;
        case storage::ListKind::certificates:
            storage::list_certificates(transaction.connection(), query);
            break;
        case storage::ListKind::usage:
            storage::list_node_usage(transaction.connection(), {}, filter);
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const filter = odata::parse_filter(input);
    if (!filter) {
        check(!filter.error().message.empty(), "a failure says what was wrong", input);
        return 0;
    }
    auto const text = write(*filter);
    auto const again = odata::parse_filter(text);
    check(again && write(*again) == text, "what was read can be written", text);
    for (auto const kind :
         {storage::ListKind::pools,
          storage::ListKind::nodes,
          storage::ListKind::jobs,
          storage::ListKind::job_schedules,
          storage::ListKind::tasks,
          storage::ListKind::job_nodes,
          storage::ListKind::certificates,
          storage::ListKind::usage})
        list(kind, *filter);
    return 0;
}

}  // namespace bluebatch::fuzz
