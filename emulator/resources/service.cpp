#include "emulator/resources/service.hpp"

#include "emulator/resources/admission.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/groups.hpp"
#include "emulator/resources/subscription.hpp"
#include "shared/base/log.hpp"
#include "shared/http/waiting.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <exception>

namespace bluebatch::emulator::resources {

namespace {

constexpr std::uint64_t kLargestBody = 4 << 20;
// Nobody is throttled here, so these stand still; some programs look whether they are there.
constexpr std::string_view kRemaining = "11999";

std::string_view remaining_header(http::Verb verb) {
    if (verb == http::Verb::get || verb == http::Verb::head)
        return "x-ms-ratelimit-remaining-subscription-reads";
    return verb == http::Verb::remove ? "x-ms-ratelimit-remaining-subscription-deletes"
                                      : "x-ms-ratelimit-remaining-subscription-writes";
}

bool concerns_accounts(std::string_view route) {
    return route.find("resourceGroups") != std::string_view::npos ||
           route.find("Accounts") != std::string_view::npos || route.ends_with("/resources");
}

}  // namespace

class ResourceService::Impl {
public:
    explicit Impl(Surroundings surroundings)
        : world_(std::move(surroundings)), admission_(*world_.around.tokens, world_.around.clock) {}

    http::Response answer(http::Request const& request) {
        // For the end of an account, which takes seconds, and for the services, whose files may be large.
        http::WaitingElsewhere const waiting;
        auto const request_id = world_.around.random.guid();
        auto const admitted = admission_.admit(request);
        if (auto const* const refused = std::get_if<http::Response>(&admitted))
            return finish(request, *refused, request_id);
        auto const& [match, tenant_id, role] = std::get<Admitted>(admitted);
        auto const now = world_.around.clock.now();
        try {
            if (concerns_accounts(match.route->path)) service::adopt_accounts(world_, now);
            if (auto const fault = fault_of_group(match.parameters["group"]))
                return finish(request, wire::to_response(*fault), request_id);
            routes::Call const call{world_, request, match.parameters, tenant_id, role, request_id, now};
            auto response = match.route->handler(call);
            return finish(
                request, response ? *std::move(response) : wire::to_response(response.error()), request_id
            );
        } catch (std::exception const& failure) {
            base::log::error("{} {}: {}", request.method, request.path, failure.what());
            return refuse(request, {500, "InternalServerError", "The server encountered an internal error."});
        }
    }

    std::optional<http::Response> refusal(http::RequestHead const& head) {
        auto admitted = admission_.admit(head);
        if (auto* const refused = std::get_if<http::Response>(&admitted))
            return finish(head, std::move(*refused), world_.around.random.guid());
        return std::nullopt;
    }

    http::Response refuse(http::RequestHead const& head, wire::Refusal const& refusal) {
        return finish(head, wire::to_response(refusal), world_.around.random.guid());
    }

private:
    std::optional<wire::Refusal> fault_of_group(std::string_view name) {
        if (name.empty() || service::find_group(world_, name)) return std::nullopt;
        return routes::no_such_group(name);
    }

    // What every answer carries.
    http::Response finish(
        http::RequestHead const& head, http::Response response, std::string const& request_id
    ) {
        auto& headers = response.headers;
        auto const correlation = head.headers.get("x-ms-correlation-request-id");
        auto const seconds = std::chrono::floor<std::chrono::seconds>(world_.around.clock.now());
        headers.set("Cache-Control", "no-cache");
        headers.set("Pragma", "no-cache");
        headers.set("Expires", "-1");
        headers.set("x-ms-request-id", request_id);
        headers.set(
            "x-ms-correlation-request-id", correlation.empty() ? request_id : std::string{correlation}
        );
        headers.set(
            "x-ms-routing-request-id", fmt::format("EASTUS:{:%Y%m%dT%H%M%S}Z:{}", seconds, request_id)
        );
        headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        headers.set("X-Content-Type-Options", "nosniff");
        if (response.status < 400) headers.set(remaining_header(head.verb), std::string{kRemaining});
        return response;
    }

    World world_;
    Admission admission_;
};

ResourceService::ResourceService(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}

ResourceService::~ResourceService() = default;

ResourceService::Impl& ResourceService::impl() {
    std::call_once(opened_, [this] { impl_ = std::make_unique<Impl>(surroundings_); });
    return *impl_;
}

std::variant<http::Response, http::BodyPlan> ResourceService::admit(http::RequestHead const& head) {
    if (auto refusal = impl().refusal(head)) return *std::move(refusal);
    http::BodyPlan plan;
    plan.limit = plan.memory_limit = kLargestBody;
    return plan;
}

http::Response ResourceService::answer(http::Request request) {
    return impl().answer(request);
}

http::Response ResourceService::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return impl().refuse(
        head,
        {413,
         "RequestContentTooLarge",
         fmt::format("The request content exceeded the maximum of {} bytes.", limit)}
    );
}

}  // namespace bluebatch::emulator::resources
