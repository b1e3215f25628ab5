#include "emulator/blob/wire/encryption_headers.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::wire {
namespace {

constexpr std::string_view kKey = "x-ms-encryption-key";
constexpr std::string_view kHash = "x-ms-encryption-key-sha256";
constexpr std::string_view kAlgorithm = "x-ms-encryption-algorithm";
constexpr std::string_view kScope = "x-ms-encryption-scope";
constexpr std::string_view kDefaultScope = "x-ms-default-encryption-scope";
constexpr std::string_view kDenyOverride = "x-ms-deny-encryption-scope-override";

// 3 to 63 letters, digits and hyphens, or the account's own.
bool is_scope_name(std::string_view name) {
    constexpr std::size_t kShortest = 3;
    constexpr std::size_t kLongest = 63;
    if (name == "$account-encryption-key") return true;
    if (name.size() < kShortest || name.size() > kLongest) return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

azure::StorageResult<std::string> read_scope(http::Headers const& headers, std::string_view header) {
    std::string name{headers.get(header)};
    if (!name.empty() && !is_scope_name(name)) return azure::invalid_header(header, name);
    return name;
}

// The key itself never shows up in an answer.
azure::StorageResult<void> read_key(http::Headers const& headers, rules::EncryptionRequest& request) {
    constexpr std::size_t kKeySize = 32;
    for (auto const header : {kKey, kHash}) {
        if (headers.get(header).empty()) return azure::missing_header(header);
    }
    auto const algorithm = headers.get(kAlgorithm);
    if (!algorithm.empty() && algorithm != "AES256") return azure::invalid_header(kAlgorithm, algorithm);
    auto key = base::parse_base64(headers.get(kKey));
    if (!key || key->size() != kKeySize) return azure::invalid_header(kKey, "");
    auto const hash = base::parse_base64(headers.get(kHash));
    auto expected = base::sha256(*key);
    if (hash != expected) return azure::invalid_header(kHash, headers.get(kHash));
    request.key = *std::move(key);
    request.key_sha256 = std::move(expected);
    return {};
}

}  // namespace

azure::StorageResult<rules::EncryptionRequest> read_encryption(http::Headers const& headers) {
    rules::EncryptionRequest request;
    bool const has_key = headers.has(kKey) || headers.has(kHash) || headers.has(kAlgorithm);
    if (has_key) {
        if (auto const read = read_key(headers, request); !read) return read.error();
    }
    auto scope = read_scope(headers, kScope);
    if (!scope) return scope.error();
    if (has_key && !scope->empty()) return azure::invalid_header(kScope, *scope);
    request.scope = *std::move(scope);
    return request;
}

azure::StorageResult<ContainerEncryption> read_container_encryption(http::Headers const& headers) {
    auto scope = read_scope(headers, kDefaultScope);
    if (!scope) return scope.error();
    auto const deny = headers.get(kDenyOverride);
    bool const denies = base::equal_ignoring_case(deny, "true");
    if (!denies && !deny.empty() && !base::equal_ignoring_case(deny, "false")) {
        return azure::invalid_header(kDenyOverride, deny);
    }
    if (scope->empty() && !deny.empty()) return azure::missing_header(kDefaultScope);
    if (!scope->empty() && deny.empty()) return azure::missing_header(kDenyOverride);
    return ContainerEncryption{*std::move(scope), denies};
}

void add_encryption(http::Headers& headers, storage::blob::Encryption const& encryption) {
    if (!encryption.key_sha256.empty()) {
        headers.set(std::string{kHash}, base::to_base64(encryption.key_sha256));
    }
    if (!encryption.scope.empty()) headers.set(std::string{kScope}, encryption.scope);
}

}  // namespace bluebatch::emulator::blob::wire
