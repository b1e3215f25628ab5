#pragma once

#include "emulator/resources/wire/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

// Pools in the form of the resource manager, made from the data plane's and translated into it.
namespace bluebatch::emulator::resources::wire {

// What a body wants of the scale of a pool.
struct Scale {
    Json fixed;      // as Pool_Resize takes it; null: not given
    Json automatic;  // as Pool_EnableAutoScale takes it; null: not given
};
Result<Scale> read_scale(Json const& properties);

// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_pool(Json const& body);

// As Pool_Add takes it.
Result<Json> to_new_pool(std::string_view name, Json const& properties);
// As Pool_Patch takes it: only the members that can be changed; an empty object where there are none.
Result<Json> to_pool_patch(Json const& properties);

// `account_id` is that of the Batch account.
Json from_pool(std::string_view account_id, Json const& pool);

// The $filter of a list in the words of the data plane; nothing when it asks for what that does not know.
std::optional<std::string> to_pool_filter(std::string_view filter);

// What Batch refused.
Refusal batch_service_refusal(int status, std::string_view body);

}  // namespace bluebatch::emulator::resources::wire
