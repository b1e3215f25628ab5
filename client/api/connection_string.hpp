#pragma once

#include "shared/base/result.hpp"

#include <string>
#include <string_view>

namespace bluebatch::client {

// What names a storage account: a key or a signature, and where its blobs are.
struct StorageAccount {
    std::string name;
    std::string key_base64;     // empty: the signature or a token is used
    std::string sas;            // without '?'
    std::string blob_endpoint;  // without a slash at its end
};

inline constexpr std::string_view kDevelopmentStorageAccount = "devstoreaccount1";
inline constexpr std::string_view kDevelopmentStorageKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

// "DefaultEndpointsProtocol=...;AccountName=...;AccountKey=...;EndpointSuffix=...", with BlobEndpoint or
// SharedAccessSignature, or "UseDevelopmentStorage=true" with DevelopmentStorageProxyUri. Failures name the
// setting, never a value.
base::Result<StorageAccount> parse_connection_string(std::string_view text);

}  // namespace bluebatch::client
