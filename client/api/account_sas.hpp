#pragma once

#include "client/api/sas_issuer.hpp"

#include <string_view>

namespace bluebatch::client {

// Whether a signature that the caller has, a query string, allows what is asked for. A stored access policy
// may allow anything, which only the service knows.
ApiResult<void> check_sas(std::string_view sas, SasRequest const& request);

}  // namespace bluebatch::client
