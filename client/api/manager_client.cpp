#include "client/api/manager_client.hpp"

#include "client/api/clouds.hpp"
#include "client/api/json_text.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace bluebatch::client {
namespace {

using Documents = std::vector<nlohmann::json>;

constexpr std::string_view kSubscriptions = "/subscriptions?api-version=2020-01-01";
constexpr std::string_view kBatchAccounts = "/providers/Microsoft.Batch/batchAccounts?api-version=2023-05-01";
// A list that leads to ever more pages is given up.
constexpr int kMostManagerPages = 100;

std::optional<std::int64_t> number_at(nlohmann::json const& document, char const* name) {
    auto const member = document.find(name);
    if (member == document.end() || !member->is_number()) return std::nullopt;
    return member->get<std::int64_t>();
}

// All pages of a list. A link to another host is not followed: the token is for this one.
ApiResult<Documents> list_all(
    Pipeline const& pipeline, CallOptions const& options, std::string_view endpoint, std::string_view path
) {
    Documents documents;
    auto url = fmt::format("{}{}", endpoint, path);
    for (int page = 0; page < kMostManagerPages && url.starts_with(fmt::format("{}/", endpoint)); ++page) {
        Call call;
        call.request.url = std::exchange(url, {});
        auto const reply = pipeline.send(call, options);
        if (!reply) return reply.error();
        auto const body = nlohmann::json::parse(reply->response.body, nullptr, false);
        if (!body.is_object()) return make_local_error("The resource manager's answer is no JSON.");
        for (auto const& document : body.value("value", nlohmann::json::array()))
            if (document.is_object()) documents.push_back(document);
        url = text_member(body, "nextLink");
    }
    return documents;
}

BatchQuotas read_quotas(nlohmann::json const& properties) {
    return {
        .pools = number_at(properties, "poolQuota"),
        .active_jobs_and_schedules = number_at(properties, "activeJobAndJobScheduleQuota"),
        .dedicated_cores = number_at(properties, "dedicatedCoreQuota"),
        .spot_cores = number_at(properties, "lowPriorityCoreQuota")};
}

}  // namespace

ApiResult<std::optional<BatchQuotas>> ManagerClient::find_quotas(std::string_view batch_endpoint) const {
    auto const subscriptions = list_all(pipeline_, options_, endpoint_, kSubscriptions);
    if (!subscriptions) return subscriptions.error();
    auto const host = host_of(batch_endpoint);
    for (auto const& subscription : *subscriptions) {
        auto const path = fmt::format(
            "/subscriptions/{}{}",
            http::percent_encode(text_member(subscription, "subscriptionId")),
            kBatchAccounts
        );
        auto const accounts = list_all(pipeline_, options_, endpoint_, path);
        if (!accounts) continue;  // another one may show it
        for (auto const& account : *accounts) {
            auto const properties = account.value("properties", nlohmann::json::object());
            if (!properties.is_object()) continue;
            if (base::equal_ignoring_case(text_member(properties, "accountEndpoint"), host))
                return std::optional(read_quotas(properties));
        }
    }
    return std::optional<BatchQuotas>();
}

}  // namespace bluebatch::client
