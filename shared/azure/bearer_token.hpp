#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::azure {

// What a principal may do with the data of a service; each may do what those before it may.
enum class Role : std::uint8_t { none, reader, contributor, owner };

// Whom a bearer token speaks for. Either id may be empty: not every token names them.
struct Principal {
    std::string object_id;
    std::string tenant_id;
    Role role = Role::owner;  // in the service that was asked
};

enum class TokenFault : std::uint8_t { invalid, wrong_audience, expired };

struct TokenRefusal {
    std::string detail;  // for the client; never holds the token
    TokenFault fault = TokenFault::invalid;
};

[[noreturn]] void throw_exception_from_error(TokenRefusal const& refusal, boost::source_location const&);

// Decides which bearer tokens open an account of one service. Thread-safe.
class TokenValidator {
public:
    virtual ~TokenValidator() = default;
    virtual base::Result<Principal, TokenRefusal> validate(
        std::string_view token, std::string_view account, base::TimePoint now
    ) const = 0;
    // Of somebody who signs for himself (user delegation), without showing a token.
    virtual Role role_of(std::string_view object_id) const = 0;
};

}  // namespace bluebatch::azure
