#pragma once

#include "client/api/blob_client.hpp"
#include "client/api/error.hpp"

#include <memory>
#include <string>

namespace bluebatch::client {

struct SasRequest {
    std::string container;
    std::string blob;         // empty: the whole container
    std::string permissions;  // "r", "w"
    base::TimePoint expiry;
};

// Makes the signatures with which nodes read inputs and write results. Thread-safe.
class SasIssuer {
public:
    virtual ~SasIssuer() = default;
    // The query string, without '?'.
    virtual ApiResult<std::string> issue(SasRequest const& request) = 0;
};

struct SasAccount {
    std::string account;
    std::string key_base64;
    http::Scheme scheme = http::Scheme::https;  // of the blob endpoint: https signatures allow only https
};

// Signed with the account's key.
std::unique_ptr<SasIssuer> make_key_sas_issuer(SasAccount account);
// Every request gets the signature that the caller has, where that allows what it asks for.
std::unique_ptr<SasIssuer> make_fixed_sas_issuer(std::string sas);
// Signed with a user delegation key, got once and renewed when a request outlives it.
std::unique_ptr<SasIssuer> make_delegation_sas_issuer(
    std::string account, BlobClient client, base::Clock const& clock
);

}  // namespace bluebatch::client
