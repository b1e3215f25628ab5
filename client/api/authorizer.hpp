#pragma once

#include "client/api/error.hpp"
#include "shared/base/time.hpp"
#include "shared/http/client.hpp"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace bluebatch::client {

// Proves to a service who asks. Called for every attempt, from any thread, with the request otherwise
// complete; may add headers and query parameters.
class Authorizer {
public:
    virtual ~Authorizer() = default;
    virtual ApiResult<void> authorize(
        http::OutgoingRequest& request, base::TimePoint now, std::stop_token stop
    ) = 0;
};

// Whether nobody on the way reads along what is sent there: https, or this machine.
bool may_carry_secret(std::string_view address);

std::unique_ptr<Authorizer> make_batch_shared_key(std::string account, std::string key_base64);
std::unique_ptr<Authorizer> make_storage_shared_key(std::string account, std::string key_base64);
// Whether a signature may be sent where others can read along, as to an emulator on another machine.
enum class PlainHttp : std::uint8_t { refuse, take };
// Appends the given query string (without '?') to every URL.
std::unique_ptr<Authorizer> make_sas_authorizer(std::string sas, PlainHttp plain);

}  // namespace bluebatch::client
