#pragma once

#include "emulator/identity/directory.hpp"
#include "emulator/identity/issuer.hpp"
#include "shared/base/random.hpp"
#include "shared/http/service.hpp"

#include <string>
#include <variant>

namespace bluebatch::emulator::identity {

// The endpoints of Microsoft Entra ID, and of managed identities on a machine. Thread-safe.
class IdentityService final : public http::Service {
public:
    // The references outlive it.
    IdentityService(Issuer const& issuer, Directory const& directory, base::Random& random)
        : issuer_(issuer), directory_(directory), random_(random) {}

    // Whether the path is one of these endpoints, for ports that others share.
    static bool has_path_of(http::RequestHead const& head);

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;

private:
    Issuer const& issuer_;
    Directory const& directory_;
    base::Random& random_;
};

}  // namespace bluebatch::emulator::identity
