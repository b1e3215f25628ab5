#pragma once

#include "emulator/resources/wire/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

// Pools in the form of the resource manager, made from the data plane's and translated into it.
namespace bluebatch::emulator::resources::wire {

// What a body says of a pool that can be said; members that are only read are left out. Those that pools do
// not have here are refused by name, whatever the data plane calls by it.
Result<Json> read_pool_properties(Json const& body);

// What a body wants of the scale of a pool.
struct Scale {
    Json fixed;      // as Pool_Resize takes it; null: not given
    Json automatic;  // as Pool_EnableAutoScale takes it; null: not given
};
Scale read_scale(Json const& properties);
// Whether `pool`, as the data plane shows it, has that scale already.
bool has_scale(Json const& pool, Scale const& wanted);

// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_pool(Json const& body);

// In the following, `account_id` is that of the Batch account, and `properties` have been read.

// As Pool_Add takes it.
Result<Json> to_new_pool(std::string_view account_id, std::string_view name, Json const& properties);
// As Pool_Patch takes it: only the members that can be changed; an empty object where there are none.
Result<Json> to_pool_patch(std::string_view account_id, Json const& properties);
// An empty start task takes away the one that there is, which no patch can.
bool removes_start_task(Json const& properties);
// As Pool_UpdateProperties takes it: what the data plane shows of the pool and a patch changes of it, without
// the start task.
Json without_start_task(Json const& pool, Json const& patch);
// The member that says otherwise than `shown` of what a pool keeps as long as it lives, or "".
std::string find_fixed_member(Json const& properties, Json const& shown);

Json from_pool(std::string_view account_id, Json const& pool);

// The $filter of a list in the words of the data plane; nothing when it asks for what that does not know.
std::optional<std::string> to_pool_filter(std::string_view filter);

// What Batch refused.
Refusal batch_service_refusal(int status, std::string_view body);

}  // namespace bluebatch::emulator::resources::wire
