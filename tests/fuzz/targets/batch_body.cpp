// Bodies of the Batch interface in every api-version: read, checked, stored, answered, run.
#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/batch/wire/schema/job.hpp"
#include "emulator/batch/wire/schema/pool.hpp"
#include "emulator/batch/wire/schema/task.hpp"
#include "emulator/batch/wire/task_specification.hpp"
#include "emulator/batch/wire/writer.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace batch = emulator::batch;
namespace rules = batch::rules;
namespace wire = batch::wire;
using wire::Json;

enum class What : std::uint8_t { pool, job, task };

wire::Object const& table_of(What what) {
    if (what == What::pool) return wire::schema::kPool;
    return what == What::job ? wire::schema::kJob : wire::schema::kTask;
}

rules::Fault find_fault(What what, Json const& body) {
    if (what == What::pool) return rules::check_new_pool(body);
    return what == What::job ? rules::check_new_job(body) : rules::check_new_task(body);
}

// Numbers that were let through fit the variables that they go into.
void check_numbers(Json const& json, std::string_view input) {
    if (json.is_number()) {
        check(json.is_number_integer(), "numbers are whole", input);
        bool const fits = json.is_number_unsigned() ? json.get<std::uint64_t>() <= INT32_MAX
                                                    : json.get<std::int64_t>() >= INT32_MIN &&
                                                          json.get<std::int64_t>() <= INT32_MAX;
        check(fits, "numbers have 32 bits", input);
    }
    if (!json.is_structured()) return;
    for (auto const& [name, part] : json.items()) {
        // Settings of extensions are kept as they are.
        if (name != "settings") check_numbers(part, input);
    }
}

void check_answers(Json const& stored, wire::Object const& object, std::string_view input) {
    for (std::size_t i = 0; i < wire::kApiVersions.size(); ++i) {
        auto const version = static_cast<wire::ApiVersion>(i);
        auto const answer = wire::write_object(stored, object, version);
        check(base::is_valid_utf8(wire::dump(answer)), "answers are UTF-8", input);
        check(!Json::parse(wire::dump(answer), nullptr, false).is_discarded(), "answers are JSON", input);
        // What a client got, it may send back; members that only answers have aside.
        auto const again = wire::read_object(answer, object, wire::kAdd, version);
        if (again) check_numbers(*again, input);
    }
}

// As the services store it and the scheduler reads it.
void run(What what, Json stored) {
    emulator::domain::Task task;
    task.document = "{}";
    if (what == What::pool) {
        rules::add_pool_defaults(stored, wire::kNewest);
        wire::read_start_task(wire::dump(stored));
        wire::read_node_setup(wire::dump(stored));
    } else if (what == What::job) {
        wire::read_task_specification(wire::dump(stored), task);
    } else {
        task.document = wire::dump(stored);
        wire::read_task_specification(
            R"({"commonEnvironmentSettings": [{"name": "A", "value": "job"}]})", task
        );
    }
}

void check_object(What what, Json const& body, std::string_view input) {
    auto const& object = table_of(what);
    for (std::size_t i = 0; i < wire::kApiVersions.size(); ++i) {
        auto const version = static_cast<wire::ApiVersion>(i);
        for (auto const use : {wire::kAdd, wire::kPatch, wire::kReplace}) {
            auto const stored = wire::read_object(body, object, use, version);
            if (!stored) {
                check(!stored.error().values.empty(), "a fault says which member", input);
                continue;
            }
            check_numbers(*stored, input);
            if (use != wire::kAdd) continue;
            if (auto const fault = find_fault(what, *stored)) {
                check(azure::status_of(fault->code) >= 400, "a fault has a status", input);
                continue;
            }
            check_answers(*stored, object, input);
            run(what, *stored);
        }
    }
}

}  // namespace

// "pool", "job" or "task", then the body.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const word = take_line(input);
    auto const what = word == "pool" ? What::pool : word == "job" ? What::job : What::task;
    auto const body = wire::parse_body(input);
    if (!body) return 0;
    // A collection, or an object that stands alone.
    auto const* const values = wire::find(*body, "value");
    if (values == nullptr || !values->is_array()) {
        check_object(what, *body, input);
        return 0;
    }
    for (auto const& value : *values)
        check_object(what, value, input);
    return 0;
}

}  // namespace bluebatch::fuzz
