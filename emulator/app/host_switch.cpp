#include "emulator/app/host_switch.hpp"

#include "shared/azure/not_emulated.hpp"
#include "shared/http/status.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace bluebatch::emulator::app {

namespace {

http::Response not_emulated(std::string_view host) {
    auto response = http::make_plain_response(501, fmt::format("{} is not emulated here.\n", host));
    azure::name_not_emulated(response.headers, host);
    return response;
}

}  // namespace

http::Service& HostSwitch::service_for(http::RequestHead const& head) const {
    auto const service = service_of(head.host());
    if (!service) return otherwise_;
    auto const found = hosted_.find(*service);
    return found == hosted_.end() ? absent_ : *found->second;
}

std::variant<http::Response, http::BodyPlan> HostSwitch::admit(http::RequestHead const& head) {
    return service_for(head).admit(head);
}

http::Response HostSwitch::answer(http::Request request) {
    auto& service = service_for(request);
    return service.answer(std::move(request));
}

http::Response HostSwitch::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return service_for(head).too_large(head, limit);
}

http::Response HostSwitch::failed(http::RequestHead const& head, std::exception const& error) {
    return service_for(head).failed(head, error);
}

std::variant<http::Response, http::BodyPlan> AbsentService::admit(http::RequestHead const& head) {
    return not_emulated(head.host());
}

http::Response AbsentService::answer(http::Request request) {
    return not_emulated(request.host());
}

http::Response AbsentService::too_large(http::RequestHead const& head, std::uint64_t) {
    return not_emulated(head.host());
}

}  // namespace bluebatch::emulator::app
