#include "emulator/blob/cases/deleting.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/route.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

using cases::DeleteSnapshots;

azure::StorageResult<DeleteSnapshots> read_snapshots(Call const& call) {
    auto const text = call.headers().get("x-ms-delete-snapshots");
    if (text.empty()) return DeleteSnapshots::none;
    bool const names_state = call.address().snapshot || call.address().version;
    if (text == "include" && !names_state) return DeleteSnapshots::include;
    if (text == "only" && !names_state) return DeleteSnapshots::only;
    return azure::invalid_header("x-ms-delete-snapshots", text);
}

Answer delete_permanently(Call& call, Guard const& guard) {
    auto const policy = call.context.policies.of(call.address().account);
    bool const names_state = call.address().snapshot || call.address().version;
    if (!policy.allows_permanent_delete || !names_state) return azure::StorageErrorCode::invalid_operation;
    if (!call.grant.allows('y')) return azure::StorageErrorCode::authorization_permission_mismatch;
    auto const deleted = cases::delete_permanently(call.context, call.address(), guard);
    if (!deleted) return deleted.error();
    auto response = empty_response(202);
    response.headers.set("x-ms-delete-type-permanent", "true");
    return response;
}

}  // namespace

// DELETE /devstoreaccount1/container/blob?snapshot=2024-03-04T10:00:00.0000000Z
Answer delete_blob(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const snapshots = read_snapshots(call);
    if (!snapshots) return snapshots.error();
    auto const type = call.request.find_query("deletetype").value_or("");
    if (base::equal_ignoring_case(type, "permanent")) return delete_permanently(call, *guard);
    if (!type.empty()) return azure::invalid_query_parameter("deletetype", type, "");
    if (call.address().version && !call.grant.allows('x')) {
        return azure::StorageErrorCode::authorization_permission_mismatch;
    }
    auto const removal = cases::delete_blob(call.context, call.address(), *guard, *snapshots);
    if (!removal) return removal.error();
    auto response = empty_response(202);
    bool const is_permanent = *removal == cases::Removal::permanent;
    response.headers.set("x-ms-delete-type-permanent", is_permanent ? "true" : "false");
    return response;
}

Answer undelete_blob(Call& call) {
    auto const done = cases::undelete_blob(call.context, call.address());
    if (!done) return done.error();
    return empty_response(200);
}

}  // namespace bluebatch::emulator::blob::routes
