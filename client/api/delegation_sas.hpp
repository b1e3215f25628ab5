#pragma once

#include "client/api/error.hpp"
#include "client/api/sas_issuer.hpp"

#include <string>
#include <string_view>

namespace bluebatch::client {

// What Get User Delegation Key answers: a key of somebody known to Microsoft Entra ID, good for some days.
struct UserDelegationKey {
    std::string object_id;
    std::string tenant_id;
    std::string start;
    std::string expiry;
    std::string service;
    std::string version;
    std::string value_base64;
};

ApiResult<UserDelegationKey> read_user_delegation_key(std::string_view xml);

// The text that the signature is made from, version 2021-12-02.
std::string delegation_sas_string_to_sign(
    SasRequest const& request, std::string_view account, UserDelegationKey const& key
);
// The query string, without '?'.
std::string make_delegation_sas(
    SasRequest const& request, std::string_view account, UserDelegationKey const& key
);

}  // namespace bluebatch::client
