#include "emulator/app/certificate_store.hpp"

#include "emulator/app/azure_hosts.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bluebatch::emulator::app {

namespace {

constexpr std::chrono::days kReissuedBefore{7};
constexpr std::size_t kAlwaysPermitted = 3;  // localhost and the loopback addresses

}  // namespace

CertificateStore::CertificateStore(
    base::CertificateAuthority const& authority,
    std::vector<std::string> local,
    std::optional<base::CertifiedKey> own,
    base::Clock& clock
)
    : authority_(authority),
      local_(std::move(local)),
      own_(own ? std::make_shared<base::CertifiedKey const>(*std::move(own)) : nullptr),
      clock_(clock) {
    bool const has_more = local_.size() > kAlwaysPermitted;
    if (!has_more || authority_.issue(local_, clock_.now())) return;
    if (!own_ || !own_->names(local_.back()))
        base::log::warning(
            "HTTPS at {} has no certificate, because the authority was made for other addresses; give one "
            "with --cert and --key, or remove the folder ca of the location",
            local_.back()
        );
    local_.resize(kAlwaysPermitted);
}

std::shared_ptr<base::CertifiedKey const> CertificateStore::find(std::string_view host) {
    bool const is_local = host.empty() || std::ranges::find(local_, host) != local_.end();
    if (own_ && (host.empty() || own_->names(host))) return own_;
    if (is_local) return issued_for({});
    if (is_certified(host)) return issued_for(std::string(host));
    // A server with one certificate shows it to everybody, and clients judge for themselves.
    return own_;
}

std::shared_ptr<base::CertifiedKey const> CertificateStore::issued_for(std::string const& host) {
    std::scoped_lock const lock(mutex_);
    auto& kept = kept_[host];
    if (!kept.key || kept.key->expires() < clock_.now() + kReissuedBefore) kept.key = issue(host);
    kept.last_used = ++uses_;
    auto key = kept.key;
    if (kept_.size() > kMostKept) forget_longest_unused();
    return key;
}

std::shared_ptr<base::CertifiedKey const> CertificateStore::issue(std::string const& host) const {
    auto issued = authority_.issue(host.empty() ? local_ : std::vector{host}, clock_.now());
    // An authority of an earlier version may not know the host yet.
    if (!issued) base::log::warning("no certificate for a client: {}", issued.error().message);
    return issued ? std::make_shared<base::CertifiedKey const>(*std::move(issued)) : nullptr;
}

void CertificateStore::forget_longest_unused() {
    kept_.erase(std::ranges::min_element(kept_, {}, [](auto const& entry) { return entry.second.last_used; })
    );
}

}  // namespace bluebatch::emulator::app
