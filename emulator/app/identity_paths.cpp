#include "emulator/app/identity_paths.hpp"

#include "emulator/identity/service.hpp"

#include <utility>

namespace bluebatch::emulator::app {

http::Service& IdentityPaths::service_for(http::RequestHead const& head) const {
    return identity::IdentityService::has_path_of(head) ? identity_ : otherwise_;
}

std::variant<http::Response, http::BodyPlan> IdentityPaths::admit(http::RequestHead const& head) {
    return service_for(head).admit(head);
}

http::Response IdentityPaths::answer(http::Request request) {
    return service_for(request).answer(std::move(request));
}

http::Response IdentityPaths::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return service_for(head).too_large(head, limit);
}

http::Response IdentityPaths::failed(http::RequestHead const& head, std::exception const& error) {
    return service_for(head).failed(head, error);
}

}  // namespace bluebatch::emulator::app
