#include "emulator/blob/cors.hpp"

#include "emulator/blob/wire/service_properties.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob {
namespace {

using wire::CorsRule;

std::vector<CorsRule> rules_of(Context const& context, Target const& target) {
    storage::Snapshot snapshot(context.storage.database());
    auto const stored = store::find_service_properties(snapshot.connection(), target.address.account);
    return stored ? wire::cors_rules(*stored) : std::vector<CorsRule>{};
}

// "*", "https://*.example.com" or the word itself.
bool fits(std::string_view pattern, std::string_view word) {
    auto const star = pattern.find('*');
    if (star == std::string_view::npos) return base::equal_ignoring_case(pattern, word);
    auto const end = pattern.substr(star + 1);
    return word.size() + 1 >= pattern.size() &&
           base::starts_with_ignoring_case(word, pattern.substr(0, star)) &&
           base::equal_ignoring_case(word.substr(word.size() - end.size()), end);
}

bool any_fits(std::vector<std::string> const& patterns, std::string_view word) {
    return std::ranges::any_of(patterns, [word](auto const& pattern) { return fits(pattern, word); });
}

bool all_fit(std::vector<std::string> const& patterns, std::string_view words) {
    for (auto const word : base::split(words, ',')) {
        if (!base::trim(word).empty() && !any_fits(patterns, base::trim(word))) return false;
    }
    return true;
}

std::optional<CorsRule> find_rule(
    std::vector<CorsRule> const& rules,
    std::string_view origin,
    std::string_view method,
    std::string_view headers
) {
    for (auto const& rule : rules) {
        if (any_fits(rule.origins, origin) && any_fits(rule.methods, method) &&
            all_fit(rule.allowed_headers, headers)) {
            return rule;
        }
    }
    return std::nullopt;
}

void allow_origin(CorsRule const& rule, std::string_view origin, http::Headers& headers) {
    bool const is_for_all = std::ranges::find(rule.origins, "*") != rule.origins.end();
    headers.set("Access-Control-Allow-Origin", is_for_all ? "*" : std::string{origin});
    if (is_for_all) return;
    headers.set("Access-Control-Allow-Credentials", "true");
    headers.set("Vary", "Origin");
}

}  // namespace

azure::StorageResult<http::Response> answer_preflight(
    Context const& context, http::RequestHead const& head, Target const& target
) {
    auto const origin = head.headers.get("Origin");
    auto const method = head.headers.get("Access-Control-Request-Method");
    if (origin.empty()) return azure::missing_header("Origin");
    if (method.empty()) return azure::missing_header("Access-Control-Request-Method");
    auto const asked = head.headers.get("Access-Control-Request-Headers");
    auto const rule = find_rule(rules_of(context, target), origin, method, asked);
    if (!rule) return azure::StorageErrorCode::cors_preflight_failure;
    http::Response response;
    allow_origin(*rule, origin, response.headers);
    response.headers.set("Access-Control-Allow-Methods", std::string{method});
    if (!asked.empty()) response.headers.set("Access-Control-Allow-Headers", std::string{asked});
    response.headers.set("Access-Control-Max-Age", std::to_string(rule->max_age_seconds));
    return response;
}

void add_cors_headers(
    Context const& context, http::RequestHead const& head, Target const& target, http::Headers& headers
) {
    auto const origin = head.headers.get("Origin");
    if (origin.empty()) return;
    auto const rule = find_rule(rules_of(context, target), origin, head.method, {});
    if (!rule) return;
    allow_origin(*rule, origin, headers);
    if (!rule->exposed_headers.empty()) {
        headers.set("Access-Control-Expose-Headers", rule->exposed_headers);
    }
}

}  // namespace bluebatch::emulator::blob
