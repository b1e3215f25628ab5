// What queries of the Batch interface ask for: api-version, $select.
#include "emulator/batch/wire/schema/job.hpp"
#include "emulator/batch/wire/schema/pool.hpp"
#include "emulator/batch/wire/schema/task.hpp"
#include "emulator/batch/wire/writer.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace wire = emulator::batch::wire;
using wire::Json;

bool is_part_of(Json const& part, Json const& whole) {
    if (!part.is_object()) return part == whole;
    return std::ranges::all_of(part.items(), [&](auto const& member) {
        auto const* const same = wire::find(whole, member.key());
        return same != nullptr && is_part_of(member.value(), *same);
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    if (auto const version = wire::parse_api_version(input)) {
        bool const is_known = std::ranges::find(wire::kApiVersions, input) != wire::kApiVersions.end();
        check(is_known == (version->knowledge == wire::Knowledge::known), "versions", input);
        check(is_known || input > wire::kApiVersions.back(), "only newer ones are let through", input);
    }
    Json const whole = Json::parse(
        R"({"id": "a", "state": "active", "poolInfo": {"poolId": "p"}, "constraints":
            {"maxTaskRetryCount": 1, "maxWallClockTime": "PT1H"}, "executionInfo": {"exitCode": 1}})"
    );
    for (auto const* object : {&wire::schema::kPool, &wire::schema::kJob, &wire::schema::kTask}) {
        auto const selection = wire::Selection::parse(input, *object);
        if (!selection) {
            check(!selection.error().values.empty(), "a fault says what was wrong", input);
            continue;
        }
        auto const part = selection->apply(whole);
        check(
            selection->all() ? part == whole : is_part_of(part, whole), "a selection only leaves out", input
        );
        check(selection->apply(part) == part, "selecting twice changes nothing", input);
    }
    return 0;
}

}  // namespace bluebatch::fuzz
