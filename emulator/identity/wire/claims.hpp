#pragma once

#include "emulator/identity/issuer.hpp"

#include <optional>
#include <string>
#include <string_view>

// What tokens say, as JSON.
namespace bluebatch::emulator::identity::wire {

struct Validity {
    base::TimePoint begin;
    base::TimePoint end;
};

// In the form of version 1.0, which Azure's own services get whatever endpoint was asked.
std::string access_claims(
    Subject const& subject,
    std::string_view resource,
    std::string_view scope,
    IssuedToken const& token,
    base::Random& random
);
std::string id_claims(
    Subject const& subject, std::string_view nonce, Validity validity, base::Random& random
);

std::string promise_claims(Promise const& promise, base::TimePoint expiry);
// From header and claims of a token whose signature holds.
std::optional<Promise> read_promise(std::string_view signed_text);

std::int64_t unix_seconds(base::TimePoint time);

}  // namespace bluebatch::emulator::identity::wire
