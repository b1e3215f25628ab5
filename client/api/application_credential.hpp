#pragma once

#include "client/api/credential.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace bluebatch::client {

// An application that is registered in a tenant.
struct Application {
    std::string authority_host;  // "https://login.microsoftonline.com"
    std::string tenant_id;
    std::string client_id;
};

// By a secret of its own. What is empty makes it unavailable.
std::unique_ptr<Credential> make_secret_credential(
    Application application, std::string secret, TokenTransport transport
);

// By a token that somebody whom the tenant trusts keeps anew in a file, as Kubernetes does: workload
// identity.
std::unique_ptr<Credential> make_workload_credential(
    Application application, std::filesystem::path token_file, TokenTransport transport
);

}  // namespace bluebatch::client
