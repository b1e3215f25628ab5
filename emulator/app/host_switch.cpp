#include "emulator/app/host_switch.hpp"

#include "shared/azure/not_emulated.hpp"
#include "shared/http/status.hpp"

#include <fmt/format.h>

#include <utility>

namespace bluebatch::emulator::app {

http::Service* HostSwitch::service_for(http::RequestHead const& head) const {
    auto const service = service_of(head.host());
    if (!service) return &otherwise_;
    auto const found = hosted_.find(*service);
    return found == hosted_.end() ? nullptr : found->second;
}

std::variant<http::Response, http::BodyPlan> HostSwitch::admit(http::RequestHead const& head) {
    if (auto* const service = service_for(head)) return service->admit(head);
    auto response = http::make_plain_response(501, fmt::format("{} is not emulated here.\n", head.host()));
    azure::name_not_emulated(response.headers, head.host());
    return response;
}

// What follows is asked only of what was admitted.

http::Response HostSwitch::answer(http::Request request) {
    auto* const service = service_for(request);
    return service->answer(std::move(request));
}

http::Response HostSwitch::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return service_for(head)->too_large(head, limit);
}

http::Response HostSwitch::failed(http::RequestHead const& head, std::exception const& error) {
    return service_for(head)->failed(head, error);
}

}  // namespace bluebatch::emulator::app
