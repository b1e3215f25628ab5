#pragma once

#include "emulator/app/azure_hosts.hpp"
#include "shared/http/service.hpp"

#include <map>

namespace bluebatch::emulator::app {

// Which service answers behind each host of Azure's.
using HostedServices = std::map<HostedService, http::Service*>;

// Stands behind a port: a host of Azure's leads to its own service, whichever port it was asked at, and any
// other to the port's service. A host whose service there is none of goes to `absent`.
class HostSwitch final : public http::Service {
public:
    HostSwitch(HostedServices hosted, http::Service& otherwise, http::Service& absent)
        : hosted_(std::move(hosted)), otherwise_(otherwise), absent_(absent) {}

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;
    http::Response failed(http::RequestHead const& head, std::exception const& error) override;

private:
    http::Service& service_for(http::RequestHead const& head) const;

    HostedServices hosted_;
    http::Service& otherwise_;
    http::Service& absent_;
};

// Says of every host that it is not emulated.
class AbsentService final : public http::Service {
public:
    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;
};

}  // namespace bluebatch::emulator::app
