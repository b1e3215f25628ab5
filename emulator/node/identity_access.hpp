#pragma once

#include "emulator/node/blob_access.hpp"

#include <functional>
#include <string>

namespace bluebatch::emulator::node {

// The URL of a container or blob with what lets in a user-assigned identity, which its resource id names.
// Batch: RES-7
using IdentityAccess =
    std::function<TransferResult<std::string>(std::string const& url, std::string const& identity)>;

// The same where nothing may be referred to: the URL as it is then.
inline TransferResult<std::string> open_url(
    IdentityAccess const& identities, std::string const& url, std::string const& identity
) {
    if (identity.empty()) return url;
    if (identities) return identities(url, identity);
    return TransferError{TransferFault::access_denied, "The pool has no user-assigned identities"};
}

}  // namespace bluebatch::emulator::node
