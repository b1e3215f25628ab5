#include "client/api/delegation_sas.hpp"

#include "client/api/credential.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kVersion = "2021-12-02";
// The service gives keys for at most seven days; clocks may differ by some minutes.
constexpr std::chrono::hours kKeyLifetime{6 * 24};
constexpr std::chrono::minutes kClockTolerance{5};

std::string_view resource_kind(SasRequest const& request) {
    return request.blob.empty() ? "c" : "b";
}

class DelegationSasIssuer final : public SasIssuer {
public:
    DelegationSasIssuer(std::string account, BlobClient client, base::Clock const& clock)
        : account_(std::move(account)), client_(std::move(client)), clock_(clock) {}

    ApiResult<std::string> issue(SasRequest const& request) override {
        std::scoped_lock const lock(mutex_);
        if (!key_ || key_expiry_ < request.expiry) {
            auto const now = clock_.now();
            auto const expiry = now + kKeyLifetime;
            if (request.expiry > expiry) {
                return make_credentials_error(fmt::format(
                    "A signature until {} can't be made: the service's keys for tokens last {} days.",
                    base::to_iso8601(request.expiry, 0),
                    std::chrono::duration_cast<std::chrono::days>(kKeyLifetime).count()
                ));
            }
            auto const answer = client_.get_user_delegation_key(now - kClockTolerance, expiry);
            if (!answer) return answer.error();
            auto key = read_user_delegation_key(*answer);
            if (!key) return key.error();
            key_ = *std::move(key);
            key_expiry_ = expiry;
        }
        return make_delegation_sas(request, account_, *key_);
    }

private:
    std::string account_;
    BlobClient client_;
    base::Clock const& clock_;
    std::mutex mutex_;
    std::optional<UserDelegationKey> key_;
    base::TimePoint key_expiry_;
};

}  // namespace

ApiResult<UserDelegationKey> read_user_delegation_key(std::string_view xml) {
    auto const root = codec::parse_xml(xml);
    if (!root || root->name != "UserDelegationKey") {
        return make_protocol_error("The Blob service answered something else than a user delegation key.");
    }
    auto const text = [&root](std::string_view name) {
        auto const* element = root->find(name);
        return element ? element->text : std::string{};
    };
    return UserDelegationKey{
        .object_id = text("SignedOid"),
        .tenant_id = text("SignedTid"),
        .start = text("SignedStart"),
        .expiry = text("SignedExpiry"),
        .service = text("SignedService"),
        .version = text("SignedVersion"),
        .value_base64 = text("Value"),
    };
}

std::string delegation_sas_string_to_sign(
    SasRequest const& request, std::string_view account, UserDelegationKey const& key
) {
    auto resource = fmt::format("/blob/{}/{}", account, request.container);
    if (!request.blob.empty()) resource += "/" + request.blob;
    auto const expiry = base::to_iso8601(request.expiry, 0);
    std::array<std::string_view, 24> const lines{
        request.permissions,
        "" /* start */,
        expiry,
        resource,
        key.object_id,
        key.tenant_id,
        key.start,
        key.expiry,
        key.service,
        key.version,
        "" /* authorized user */,
        "" /* unauthorized user */,
        "" /* correlation id */,
        "" /* ip */,
        "https",
        kVersion,
        resource_kind(request),
        "" /* snapshot */,
        "" /* encryption scope */,
        "" /* rscc */,
        "" /* rscd */,
        "" /* rsce */,
        "" /* rscl */,
        "" /* rsct */
    };
    return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string make_delegation_sas(
    SasRequest const& request, std::string_view account, UserDelegationKey const& key
) {
    auto const text = delegation_sas_string_to_sign(request, account, key);
    auto const signature = azure::sign_storage_text(key.value_base64, text).value_or("");
    std::array<std::pair<std::string_view, std::string>, 12> const fields{{
        {"sv", std::string(kVersion)},
        {"sr", std::string(resource_kind(request))},
        {"sp", request.permissions},
        {"se", base::to_iso8601(request.expiry, 0)},
        {"spr", "https"},
        {"skoid", key.object_id},
        {"sktid", key.tenant_id},
        {"skt", key.start},
        {"ske", key.expiry},
        {"sks", key.service},
        {"skv", key.version},
        {"sig", signature},
    }};
    std::string query;
    for (auto const& [name, value] : fields) {
        if (!query.empty()) query += '&';
        query += fmt::format("{}={}", name, http::percent_encode(value));
    }
    return query;
}

std::unique_ptr<SasIssuer> make_delegation_sas_issuer(
    std::string account, BlobClient client, base::Clock const& clock
) {
    return std::make_unique<DelegationSasIssuer>(std::move(account), std::move(client), clock);
}

}  // namespace bluebatch::client
