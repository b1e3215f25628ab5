#include "emulator/blob/cases/immutability.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

namespace bluebatch::emulator::blob::routes {

// PUT /devstoreaccount1/container/blob?comp=immutabilityPolicies
// x-ms-immutability-policy-until-date: Fri, 03 Jan 2025 00:00:00 GMT
Answer set_immutability_policy(Call& call) {
    auto const policy = wire::read_immutability(call.headers());
    if (!policy) return policy.error();
    if (!*policy) return azure::missing_header("x-ms-immutability-policy-until-date");
    auto const given = wire::read_conditions(call.headers());
    if (!given) return given.error();
    rules::Conditions const conditions{.if_unmodified_since = given->if_unmodified_since};
    auto const blob = cases::set_immutability(call.context, call.address(), conditions, **policy);
    if (!blob) return blob.error();
    auto response = empty_response(200);
    wire::add_protection(response.headers, *blob);
    return response;
}

Answer delete_immutability_policy(Call& call) {
    auto const done = cases::delete_immutability(call.context, call.address());
    if (!done) return done.error();
    return empty_response(200);
}

// PUT /devstoreaccount1/container/blob?comp=legalhold
// x-ms-legal-hold: true
Answer set_legal_hold(Call& call) {
    auto const hold = wire::read_legal_hold(call.headers());
    if (!hold) return hold.error();
    if (!*hold) return azure::missing_header("x-ms-legal-hold");
    auto const done = cases::set_legal_hold(call.context, call.address(), **hold);
    if (!done) return done.error();
    auto response = empty_response(200);
    response.headers.set("x-ms-legal-hold", **hold == cases::LegalHold::on ? "true" : "false");
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
