#pragma once

#include "shared/http/service.hpp"

namespace bluebatch::emulator::app {

// Programs without a host of Azure find the issuer of tokens and the identity of their machine at a port that
// another service has; the paths tell which is meant.
class IdentityPaths final : public http::Service {
public:
    IdentityPaths(http::Service& identity, http::Service& otherwise)
        : identity_(identity), otherwise_(otherwise) {}

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;
    http::Response failed(http::RequestHead const& head, std::exception const& error) override;

private:
    http::Service& service_for(http::RequestHead const& head) const;

    http::Service& identity_;
    http::Service& otherwise_;
};

}  // namespace bluebatch::emulator::app
