#pragma once

#include "shared/azure/bearer_token.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// An issuer of tokens for development, in the place of Microsoft Entra ID.
namespace bluebatch::emulator::identity {

// Whoever runs on this machine and has no client id of his own.
inline constexpr std::string_view kManagedIdentity = "b1ebac00-0000-4000-8000-00000000a11d";
// Whoever signs in by a device code.
inline constexpr std::string_view kUser = "b1ebac00-0000-4000-8000-0000000005e7";
inline constexpr std::string_view kUserName = "dev@bluebatch.onmicrosoft.com";
// Of requests that name a tenant by "common" or a domain.
inline constexpr std::string_view kTenant = "b1ebac00-0000-4000-8000-00000000007e";

// What IDENTITY_HEADER is to be: no secret, but more than a page in a browser can send.
inline constexpr std::string_view kIdentityHeader = "bluebatch";

// What somebody may do.
struct Access {
    azure::Role batch = azure::Role::owner;
    azure::Role blob = azure::Role::owner;
    azure::Role resources = azure::Role::owner;  // in the resource manager
};

struct Client {
    std::string id;
    std::string secret;  // empty: any will do
    Access access;
};

// "CLIENT_ID[:SECRET][=ROLE[,ROLE]...]" with ROLE one of owner, contributor, reader, and the same behind
// "batch-" or "blob-" for the data of one service alone. One without these words holds in the resource
// manager, too. Without a role it is owner of all.
std::optional<Client> parse_client(std::string_view text);

// The same for the same client, and not to be told from others.
std::string object_id_of(std::string_view client_id);

// Who there is. Where nobody is configured, everybody is there and may do everything.
class Directory {
public:
    explicit Directory(std::vector<Client> clients) : clients_(std::move(clients)) {}

    std::optional<Client> find(std::string_view client_id) const;
    // None for those who are not there.
    Access access_of(std::string_view object_id) const;
    // The id of a tenant that a URL names: ids and domains are all there. Nothing when it is neither.
    static std::optional<std::string> find_tenant(std::string_view name);

private:
    std::vector<Client> const clients_;
};

}  // namespace bluebatch::emulator::identity
