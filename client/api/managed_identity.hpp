#pragma once

#include "client/api/credential.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace bluebatch::client {

// Whether it is first looked, shortly, if anything answers at the address that machines of Azure have.
enum class Probe : std::uint8_t { no, yes };

// Where an identity of what the program runs on is asked for, as the environment tells.
struct ManagedIdentityPlace {
    std::string identity_endpoint;    // IDENTITY_ENDPOINT, with the header below: App Service
    std::string identity_header;      // IDENTITY_HEADER
    std::string identity_thumbprint;  // IDENTITY_SERVER_THUMBPRINT: Service Fabric
    std::string imds_endpoint;        // IMDS_ENDPOINT: Azure Arc
    std::string msi_endpoint;         // MSI_ENDPOINT: Cloud Shell, Machine Learning
    std::string machine_host;         // instead of http://169.254.169.254
    std::string client_id;            // of one that a user has assigned; empty: the system's
    Probe probe = Probe::no;
};

std::unique_ptr<Credential> make_managed_identity(ManagedIdentityPlace place, TokenTransport transport);

}  // namespace bluebatch::client
