#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/pages.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

namespace bluebatch::emulator::blob::routes {

// PUT /devstoreaccount1/container/blob?comp=tier
// x-ms-access-tier: Hot
Answer set_blob_tier(Call& call) {
    auto const guard = wire::read_tag_guard(call.headers());
    if (!guard) return guard.error();
    if (auto const fault = find_premium_tier_fault(call.headers())) return *fault;
    auto tier = wire::read_tier(call.headers());
    if (!tier) return tier.error();
    if (!*tier) return azure::missing_header("x-ms-access-tier");
    auto const priority = wire::read_priority(call.headers());
    if (!priority) return priority.error();
    auto const change = cases::set_tier(call.context, call.address(), *guard, {**std::move(tier), *priority});
    if (!change) return change.error();
    return empty_response(*change == cases::TierChange::pending ? 202 : 200);
}

// PUT /devstoreaccount1/container/blob?comp=expiry
// x-ms-expiry-option: RelativeToNow
// x-ms-expiry-time: 60000
Answer set_blob_expiry(Call& call) {
    auto const guard = wire::read_tag_guard(call.headers());
    if (!guard) return guard.error();
    auto const expiry = wire::read_expiry(call.headers());
    if (!expiry) return expiry.error();
    if (!*expiry) return azure::missing_header("x-ms-expiry-option");
    auto const blob = cases::set_expiry(call.context, call.address(), *guard, **expiry);
    if (!blob) return blob.error();
    auto response = empty_response(200);
    wire::add_state(response.headers, *blob);
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
