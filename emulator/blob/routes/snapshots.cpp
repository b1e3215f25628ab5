#include "emulator/blob/cases/snapshots.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/route.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

namespace bluebatch::emulator::blob::routes {

// PUT /devstoreaccount1/container/blob?comp=snapshot
Answer snapshot_blob(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    std::optional<store::Metadata> metadata;
    if (wire::has_metadata(call.headers())) {
        auto given = wire::read_metadata(call.headers());
        if (!given) return given.error();
        metadata = *std::move(given);
    }
    auto const snapshot = cases::snapshot_blob(call.context, call.address(), *guard, std::move(metadata));
    if (!snapshot) return snapshot.error();
    auto response = empty_response(201);
    wire::add_state(response.headers, *snapshot);
    wire::add_version(response.headers, *snapshot);
    response.headers.set("x-ms-snapshot", base::to_iso8601(snapshot->moment, 7));
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, snapshot->encryption);
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
