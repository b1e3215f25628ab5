#pragma once

#include "shared/base/random.hpp"
#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// What the issuer says when it gives no token.
namespace bluebatch::emulator::identity::wire {

enum class RefusalCode : std::uint8_t {
    missing_parameter,
    unknown_tenant,
    unknown_authority,  // the same, for whoever asks what the tenant offers
    unknown_client,
    missing_credential,
    wrong_secret,
    bad_assertion,
    expired_assertion,
    scope_without_default,
    unknown_resource,
    unsupported_grant,
    bad_device_code,
    bad_refresh_token,
};

// `{}` of the code's text is the subject: a parameter, a tenant, a client ...
struct Refusal {
    RefusalCode code;
    std::string subject;
};

// `request_id` is the client's own, if it gave one.
http::Response to_response(
    Refusal const& refusal, base::TimePoint now, std::string_view request_id, base::Random& random
);

}  // namespace bluebatch::emulator::identity::wire
