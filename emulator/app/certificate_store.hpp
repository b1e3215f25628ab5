#pragma once

#include "shared/base/certificate_authority.hpp"
#include "shared/base/clock.hpp"
#include "shared/http/certificate_source.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::app {

// Certificates for the hosts that clients ask for: the user's own where it is for that host, else one of the
// local authority, made when it is first asked for and again before it ends. Thread-safe.
class CertificateStore final : public http::CertificateSource {
public:
    static constexpr std::size_t kMostKept = 256;

    // The clock is the machine's, because clients judge certificates by theirs. `local` is what is certified
    // for clients that name no host; if the authority may not certify all of it, a warning says so.
    CertificateStore(
        base::CertificateAuthority const& authority,
        std::vector<std::string> local,
        std::optional<base::CertifiedKey> own,
        base::Clock& clock
    );

    std::shared_ptr<base::CertifiedKey const> find(std::string_view host) override;

private:
    struct Kept {
        std::shared_ptr<base::CertifiedKey const> key;
        std::uint64_t last_used = 0;
    };
    std::shared_ptr<base::CertifiedKey const> issued_for(std::string const& host);
    std::shared_ptr<base::CertifiedKey const> issue(std::string const& host) const;
    void forget_longest_unused();

    base::CertificateAuthority const& authority_;
    std::vector<std::string> local_;
    std::shared_ptr<base::CertifiedKey const> own_;  // may be null
    base::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Kept> kept_;  // by host; "" is for all that is local
    std::uint64_t uses_ = 0;
};

}  // namespace bluebatch::emulator::app
