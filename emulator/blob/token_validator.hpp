#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob {

// Whom a bearer token speaks for. Either id may be empty: not every token names them.
struct Principal {
    std::string object_id;
    std::string tenant_id;
};

struct TokenRefusal {
    std::string detail;  // for the client; never holds the token
};

[[noreturn]] void throw_exception_from_error(TokenRefusal const& refusal, boost::source_location const&);

// Decides which bearer tokens open an account. Thread-safe.
class TokenValidator {
public:
    virtual ~TokenValidator() = default;
    virtual base::Result<Principal, TokenRefusal> validate(
        std::string_view token, std::string_view account, base::TimePoint now
    ) const = 0;
};

// `--oauth basic`: form, issuer, audience and times must be those of a token of Microsoft Entra ID for this
// account. Who signed it is not checked, and every token that passes may do everything that tokens can.
std::unique_ptr<TokenValidator> make_basic_token_validator();

}  // namespace bluebatch::emulator::blob
