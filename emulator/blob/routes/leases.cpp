#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/cases/containers.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

int status_of(rules::LeaseAction action) {
    switch (action) {
        case rules::LeaseAction::acquire:
            return 201;
        case rules::LeaseAction::break_:
            return 202;
        case rules::LeaseAction::renew:
        case rules::LeaseAction::change:
        case rules::LeaseAction::release:
            return 200;
    }
    return 200;
}

template <class Record>
http::Response lease_response(
    rules::LeaseAction action, Record const& record, rules::LeaseOutcome const& outcome
) {
    auto response = empty_response(status_of(action));
    wire::add_state(response.headers, record);
    if (action == rules::LeaseAction::break_) {
        response.headers.set("x-ms-lease-time", std::to_string(outcome.seconds_left));
    } else if (outcome.lease) {
        response.headers.set("x-ms-lease-id", outcome.lease->id);
    }
    return response;
}

}  // namespace

Answer lease_container(Call& call) {
    auto const request = wire::read_lease_request(call.headers(), call.version, call.context.random);
    if (!request) return request.error();
    auto const conditions = wire::read_conditions(call.headers());
    if (!conditions) return conditions.error();
    auto const leased = cases::lease_container(call.context, call.address(), *conditions, *request);
    if (!leased) return leased.error();
    return lease_response(request->action, leased->container, leased->outcome);
}

Answer lease_blob(Call& call) {
    auto const request = wire::read_lease_request(call.headers(), call.version, call.context.random);
    if (!request) return request.error();
    auto const conditions = wire::read_conditions(call.headers());
    if (!conditions) return conditions.error();
    auto const leased = cases::lease_blob(call.context, call.address(), *conditions, *request);
    if (!leased) return leased.error();
    return lease_response(request->action, leased->blob, leased->outcome);
}

}  // namespace bluebatch::emulator::blob::routes
