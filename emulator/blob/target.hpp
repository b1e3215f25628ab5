#pragma once

#include "emulator/blob/account.hpp"
#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace bluebatch::emulator::blob {

enum class Level : std::uint8_t { service, container, blob };
// The read-only second region of an account: ACCOUNT-secondary.
enum class Replica : std::uint8_t { primary, secondary };

// What a URL names, whatever its style:
//     http://host:port/ACCOUNT/container/blob
//     http://ACCOUNT.blob.localhost:port/container/blob (and ACCOUNT.blob.core.windows.net)
// A path of one segment names a blob of the container $root, unless the query has a restype.
struct Target {
    Address address;
    Level level = Level::service;
    Replica replica = Replica::primary;
    std::string endpoint;  // the account's own URL by which the client came, with a slash at its end
    std::shared_ptr<BlobAccount const> account;
};

// A guest's request makes the account that its host names. ResourceNotFound for one that is not ours; the
// codes of names that can't be.
azure::StorageResult<Target> parse_target(http::RequestHead const& head, BlobAccounts& accounts);

// The time that a parameter such as "snapshot" names; nothing when it is missing or "".
azure::StorageResult<std::optional<base::TimePoint>> read_moment(
    http::RequestHead const& head, std::string_view parameter
);

// A request to the static website of an account:
//     http://ACCOUNT.web.localhost:port/path (and ACCOUNT.z1.web.core.windows.net)
//     http://host:port/ACCOUNT-web/path
struct Website {
    std::string account;
    std::string path;  // decoded, without the slash at its beginning
};
std::optional<Website> parse_website(http::RequestHead const& head, BlobAccounts const& accounts);

// The same as parse_target for a URL within a header, such as the source of a copy. Nothing when it leads
// elsewhere than to this service as `head` reached it. `source` becomes the head of a GET of that URL.
std::optional<azure::StorageResult<Target>> parse_source_url(
    std::string_view url, http::RequestHead const& head, BlobAccounts& accounts, http::RequestHead& source
);

}  // namespace bluebatch::emulator::blob
