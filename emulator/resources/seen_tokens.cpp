#include "emulator/resources/seen_tokens.hpp"

#include "shared/base/digest.hpp"
#include "shared/codec/json_web_token.hpp"

#include <algorithm>
#include <chrono>

namespace bluebatch::emulator::resources {

namespace {

constexpr auto kStays = std::chrono::seconds{10};
constexpr std::size_t kMostTokens = 64;

std::string key_of(std::string_view token) {
    return base::to_hex(base::sha256(token));
}

}  // namespace

std::optional<azure::Principal> SeenTokens::find(std::string_view token, base::TimePoint now) const {
    auto const key = key_of(token);
    std::scoped_lock const lock(mutex_);
    auto const found = seen_.find(key);
    // A clock that was set back says nothing of how old a token is.
    if (found == seen_.end() || now < found->second.since || now >= found->second.until) return std::nullopt;
    return found->second.principal;
}

void SeenTokens::keep(std::string_view token, azure::Principal const& principal, base::TimePoint now) {
    auto until = now + kStays;
    if (auto const parsed = codec::parse_json_web_token(token); parsed && parsed->expiry)
        until = std::min<base::TimePoint>(until, *parsed->expiry);
    auto key = key_of(token);
    std::scoped_lock const lock(mutex_);
    if (seen_.size() >= kMostTokens) seen_.clear();
    seen_.insert_or_assign(std::move(key), Seen{principal, now, until});
}

}  // namespace bluebatch::emulator::resources
