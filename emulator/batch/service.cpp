#include "emulator/batch/service.hpp"

#include "emulator/batch/authentication.hpp"
#include "emulator/batch/errors.hpp"
#include "emulator/batch/routes/query_options.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/wire/certificate_path.hpp"
#include "shared/base/log.hpp"
#include "shared/base/text.hpp"
#include "shared/http/local_names.hpp"

#include <atomic>
#include <exception>

namespace bluebatch::emulator::batch {
namespace {

using azure::BatchError;
using azure::BatchErrorCode;

constexpr std::uint64_t kLargestBody = 1 << 20;  // Batch: TASK-9
constexpr std::string_view kControlPath = "/_bluebatch/";

bool is_control(http::RequestHead const& head) {
    return head.path.starts_with(kControlPath) ||
           head.path == kControlPath.substr(0, kControlPath.size() - 1);
}

wire::Urls urls_of(http::RequestHead const& head) {
    std::string base = head.scheme == http::Scheme::https ? "https://" : "http://";
    return wire::Urls(base.append(head.host()));
}

// No answer takes as long as any time-out, and one beyond the greatest falls back to it. Batch: REST-11
std::optional<BatchError> check_timeout(http::RequestHead const& head) {
    auto const timeout = head.find_query_ignoring_case("timeout");
    if (!timeout) return std::nullopt;
    auto const seconds = base::parse_number<std::int64_t>(*timeout);
    if (!seconds) return routes::invalid_query("timeout", *timeout, "The value is not a number of seconds");
    if (*seconds < 1) return routes::invalid_query("timeout", *timeout, "Timeout cannot be less than 1");
    return std::nullopt;
}

}  // namespace

class BatchService::Impl {
public:
    Impl(
        std::shared_ptr<BatchAccounts> accounts,
        std::shared_ptr<azure::TokenValidator const> tokens,
        std::filesystem::path location,
        base::Clock& clock,
        base::Random& random,
        http::Service* control
    )
        : authenticator_(std::move(accounts), std::move(tokens), clock),
          location_(std::move(location)),
          clock_(clock),
          random_(random),
          control_(control) {}

    http::Service* control() const { return control_; }

    std::optional<http::Response> refusal(http::RequestHead const& head) {
        if (http::is_from_foreign_page(head)) {
            return fail(
                head,
                {BatchErrorCode::forbidden, {{"Reason", "Requests of pages from another site are refused"}}}
            );
        }
        auto const authenticated = authenticator_.admit(head);
        if (!authenticated) return fail(head, authenticated.error());
        auto const plan = plan_call(head);
        if (!plan) return fail(head, plan.error());
        return std::nullopt;
    }

    http::Response answer(http::Request const& request) {
        auto const plan = plan_call(request);
        if (!plan) return fail(request, plan.error());
        auto const account = authenticator_.account_of(request);
        if (!account) return fail(request, account.error());
        auto const request_id = random_.guid();
        auto const now = clock_.now();
        routes::Call const call{
            **account,
            location_,
            request,
            plan->match.parameters,
            plan->version,
            urls_of(request),
            random_,
            now,
            request_id};
        try {
            auto response = plan->match.route->handler(call);
            if (!response)
                return finish(
                    request,
                    error_answer(response.error(), request.verb, call.urls, request_id, now),
                    request_id
                );
            return finish(request, std::move(*response), request_id);
        } catch (std::exception const& failure) {
            base::log::error("{} {}: {}", request.method, request.path, failure.what());
            return fail(request, {BatchErrorCode::internal_error, {}});
        }
    }

    http::Response fail(http::RequestHead const& head, BatchError const& error) {
        auto const request_id = random_.guid();
        return finish(
            head, error_answer(error, head.verb, urls_of(head), request_id, clock_.now()), request_id
        );
    }

private:
    struct Plan {
        wire::ApiVersion version = wire::kNewest;
        http::RouteMatch<routes::Handler> match;
    };

    azure::BatchResult<Plan> plan_call(http::RequestHead const& head) {
        auto const version = read_version(head);
        if (!version) return version.error();
        if (auto const fault = check_timeout(head)) return *fault;
        auto match = find_route(head, wire::kApiVersions[static_cast<std::size_t>(*version)]);
        if (match.outcome == http::RouteOutcome::wrong_verb)
            return BatchError{BatchErrorCode::unsupported_http_verb, {}};
        if (match.outcome == http::RouteOutcome::none)
            return BatchError{BatchErrorCode::resource_not_found, {}};
        if (auto const option = routes::find_unknown_option(head, match.route->operation))
            return BatchError{BatchErrorCode::unsupported_query_parameter, {{"QueryParameterName", *option}}};
        return Plan{*version, std::move(match)};
    }

    http::RouteMatch<routes::Handler> find_route(http::RequestHead const& head, std::string_view version) {
        auto plain_path = wire::plain_certificate_path(head.path);
        if (!plain_path) return router_.match(head, version);
        http::RequestHead plain = head;
        plain.path = std::move(*plain_path);
        return router_.match(plain, version);
    }

    // Batch: REST-5
    azure::BatchResult<wire::ApiVersion> read_version(http::RequestHead const& head) {
        auto const text = head.find_query_ignoring_case("api-version");
        if (!text || text->empty()) {
            return BatchError{
                BatchErrorCode::missing_required_query_parameter, {{"QueryParameterName", "api-version"}}};
        }
        auto const version = wire::parse_api_version(*text);
        if (!version) {
            return BatchError{
                BatchErrorCode::unsupported_request_version,
                {{"QueryParameterName", "api-version"},
                 {"QueryParameterValue", std::string(text->substr(0, 64))}}};
        }
        if (version->knowledge == wire::Knowledge::newer) warn_once(*text);
        return version->version;
    }

    void warn_once(std::string_view version) {
        if (warned_.exchange(true)) return;
        base::log::warning(
            "api-version {} is newer than any known here; it is served as {}",
            version.substr(0, 64),
            wire::kApiVersions.back()
        );
    }

    // What every answer carries. Batch: REST-12
    static http::Response finish(
        http::RequestHead const& head, http::Response response, std::string const& request_id
    ) {
        auto& headers = response.headers;
        headers.set("request-id", request_id);
        headers.set("DataServiceVersion", "3.0");
        headers.set("Server", "Microsoft-HTTPAPI/2.0");
        headers.set("X-Content-Type-Options", "nosniff");
        // Not for this machine's names: a browser would ask for every other port of them by HTTPS, too.
        if (head.scheme == http::Scheme::https && !http::names_this_machine(head.host()))
            headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        auto const client_request_id = head.headers.get("client-request-id");
        bool const wants_it = base::equal_ignoring_case(head.headers.get("return-client-request-id"), "true");
        if (wants_it && !client_request_id.empty())
            headers.set("client-request-id", std::string(client_request_id));
        return response;
    }

    Authenticator const authenticator_;
    std::filesystem::path location_;
    base::Clock& clock_;
    base::Random& random_;
    http::Service* control_;
    std::atomic<bool> warned_ = false;
    http::Router<routes::Handler> router_{
        routes::pool_routes(),
        routes::auto_scale_routes(),
        routes::node_routes(),
        routes::node_action_routes(),
        routes::node_access_routes(),
        routes::node_user_routes(),
        routes::job_routes(),
        routes::job_schedule_routes(),
        routes::task_routes(),
        routes::file_routes(),
        routes::account_routes(),
        routes::certificate_routes(),
        routes::application_routes(),
        routes::usage_routes(),
        routes::ended_routes(),
    };
};

BatchService::BatchService(
    std::shared_ptr<BatchAccounts> accounts,
    std::shared_ptr<azure::TokenValidator const> tokens,
    std::filesystem::path location,
    base::Clock& clock,
    base::Random& random,
    http::Service* control
)
    : impl_(std::make_unique<Impl>(
          std::move(accounts), std::move(tokens), std::move(location), clock, random, control
      )) {}

BatchService::~BatchService() = default;

std::variant<http::Response, http::BodyPlan> BatchService::admit(http::RequestHead const& head) {
    if (is_control(head) && impl_->control() != nullptr) return impl_->control()->admit(head);
    if (auto refusal = impl_->refusal(head)) return std::move(*refusal);
    http::BodyPlan plan;
    plan.limit = kLargestBody;
    plan.memory_limit = kLargestBody;
    return plan;
}

http::Response BatchService::answer(http::Request request) {
    if (is_control(request) && impl_->control() != nullptr)
        return impl_->control()->answer(std::move(request));
    return impl_->answer(request);
}

http::Response BatchService::too_large(http::RequestHead const& head, std::uint64_t limit) {
    if (is_control(head) && impl_->control() != nullptr) return impl_->control()->too_large(head, limit);
    return impl_->fail(head, {BatchErrorCode::request_body_too_large, {{"MaxLimit", std::to_string(limit)}}});
}

}  // namespace bluebatch::emulator::batch
