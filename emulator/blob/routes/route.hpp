#pragma once

#include "emulator/blob/authentication.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/blob/copy_worker.hpp"
#include "emulator/blob/target.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"
#include "shared/http/service.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob::routes {

// The service as a whole, as the requests within a request meet it.
class Front : public http::Service {
public:
    // How the service says no.
    virtual http::Response refuse(http::RequestHead const& head, azure::StorageError const& error) = 0;
};

// One request on its way through a handler.
struct Call {
    Front& service;
    Context const& context;
    Authenticator const& authenticator;
    CopyWorker& copies;
    BlobAccounts& accounts;
    http::Request& request;
    Target const& target;
    Grant grant;
    std::string version;  // "2021-12-02", for which the request is made

    Address const& address() const { return target.address; }
    http::Headers const& headers() const { return request.headers; }
};

using Handler = azure::StorageResult<http::Response> (*)(Call&);

enum class BodyKind : std::uint8_t { none, xml, batch, blob, block, append, page };

// Which states of a blob, besides the blob itself, an operation may name by `snapshot=` and `versionid=`.
enum class States : std::uint8_t { none, snapshots, versions, any };

// One operation of the reference. `comp` and `restype` must be what the query says; `header` is one that must
// be there ("x-ms-copy-source") or have that value ("x-ms-blob-type=PageBlob"), or a query parameter
// ("?versionid").
struct Route {
    Level level;
    http::Verb verb;
    std::string_view restype;
    std::string_view comp;
    std::string_view header;
    std::string_view operation;
    Need need;
    BodyKind body;
    Handler handler;
    States states = States::none;
};

// UnsupportedHttpVerb, InvalidQueryParameterValue and so on when there is none.
azure::StorageResult<Route const*> find_route(http::RequestHead const& head, Level level);

// AuthorizationPermissionMismatch for headers of tags and immutability that come with a signature for other
// things only.
std::optional<azure::StorageError> find_header_permission_fault(
    Grant const& grant, http::RequestHead const& head
);
// InvalidOperation for a state that the operation can't be done on.
std::optional<azure::StorageError> find_state_fault(Route const& route, Address const& address);

std::span<Route const> all_routes();

}  // namespace bluebatch::emulator::blob::routes
