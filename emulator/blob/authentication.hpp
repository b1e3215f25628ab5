#pragma once

#include "emulator/blob/account.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/blob/delegation_keys.hpp"
#include "emulator/blob/target.hpp"
#include "shared/azure/bearer_token.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob {

enum class ServiceSas : std::uint8_t { none, container, blob };
enum class PublicRead : std::uint8_t { none, container, blob };
// Whether a bearer token does, does not do, or is the only thing that does.
enum class BearerToken : std::uint8_t { accepted, refused, required };

inline constexpr char kAnyResourceType = '*';

// What a request needs to be let through, besides the account's key.
struct Need {
    char resource_type = 'o';      // of an account SAS: s, c, o or any
    std::string_view permissions;  // of a SAS: one of these; empty: no SAS will do
    ServiceSas service_sas = ServiceSas::none;
    PublicRead public_read = PublicRead::none;  // what a container must allow to anybody
    BearerToken bearer_token = BearerToken::accepted;
};

enum class GrantKind : std::uint8_t { owner, signature, anonymous };

// What let a request through, and how far that goes.
struct Grant {
    GrantKind kind = GrantKind::owner;
    std::string permissions;                      // of a signature, those of its stored policy included
    azure::SharedAccessSignature signature;       // of a signature
    std::optional<azure::Principal> principal{};  // of a bearer token

    bool allows(char permission) const {
        return kind == GrantKind::owner || permissions.find(permission) != std::string::npos;
    }
};

struct AuthenticationSettings {
    base::Ticks date_tolerance;  // how far a request's date may be from the clock
    // Empty: bearer tokens are refused.
    std::shared_ptr<azure::TokenValidator const> token_validator;
    DelegationKeys delegation_keys;
};

// What somebody without a name is told who asks for what is not public.
azure::StorageErrorCode anonymous_refusal(std::string_view version);

// Checks who sends a request and whether that suffices. Thread-safe.
class Authenticator {
public:
    Authenticator(Context const& context, AuthenticationSettings settings)
        : context_(context), settings_(std::move(settings)) {}

    // AuthenticationFailed, InvalidAuthenticationInfo, the Authorization... codes,
    // NoAuthenticationInformation, ResourceNotFound.
    azure::StorageResult<Grant> admit(http::RequestHead const& head, Target const& target, Need const& need)
        const;
    // The grant of a request that was admitted before.
    Grant grant_of(http::RequestHead const& head, Target const& target) const;
    DelegationKeys const& delegation_keys() const { return settings_.delegation_keys; }

private:
    azure::StorageResult<azure::Principal> check_token(
        std::string_view token, http::RequestHead const& head, Target const& target
    ) const;
    azure::StorageResult<Grant> check_shared_key(
        std::string_view authorization, http::RequestHead const& head, Target const& target
    ) const;
    azure::StorageResult<Grant> check_signature(
        azure::SharedAccessSignature sas,
        http::RequestHead const& head,
        Target const& target,
        Need const& need,
        azure::Principal const* user
    ) const;
    bool is_genuine(
        azure::SharedAccessSignature const& sas,
        azure::SasSubject const& subject,
        Target const& target,
        http::RequestHead const& head
    ) const;
    azure::StorageResult<Grant> check_anonymous(
        http::RequestHead const& head, Target const& target, Need const& need
    ) const;
    // Fills in what the stored access policy holds.
    azure::StorageResult<void> apply_policy(azure::SharedAccessSignature& sas, Target const& target) const;
    std::optional<azure::StorageError> find_date_fault(http::Headers const& headers) const;

    Context context_;
    AuthenticationSettings settings_;
};

}  // namespace bluebatch::emulator::blob
