#pragma once

#include "shared/azure/bearer_token.hpp"
#include "shared/base/time.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::resources {

// Tokens whose signature has just been checked: a request is admitted twice, before and after its body, and a
// client sends many with one token. Knows digests, not tokens. Thread-safe.
class SeenTokens {
public:
    std::optional<azure::Principal> find(std::string_view token, base::TimePoint now) const;
    // For some seconds, and never beyond its expiry.
    void keep(std::string_view token, azure::Principal const& principal, base::TimePoint now);

private:
    struct Seen {
        azure::Principal principal;
        base::TimePoint since;
        base::TimePoint until;
    };

    mutable std::mutex mutex_;
    std::map<std::string, Seen> seen_;  // by digest
};

}  // namespace bluebatch::emulator::resources
