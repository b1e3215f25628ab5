#include "emulator/blob/cors.hpp"

#include "emulator/blob/service_settings.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob {
namespace {

using wire::CorsRule;

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

bool allows_all_origins(CorsRule const& rule) {
    return std::ranges::find(rule.origins, "*") != rule.origins.end();
}

void allow_origin(CorsRule const& rule, std::string_view origin, http::Headers& headers) {
    bool const is_for_all = allows_all_origins(rule);
    headers.set("Access-Control-Allow-Origin", is_for_all ? "*" : std::string{origin});
    if (!is_for_all) headers.set("Access-Control-Allow-Credentials", "true");
}

// The names of those headers of the answer that the page may see.
std::string exposed_names(CorsRule const& rule, http::Headers const& headers) {
    std::string names;
    auto const add = [&](std::string_view name) {
        if (!any_fits(rule.exposed_headers, name)) return;
        if (!names.empty()) names += ',';
        names += name;
    };
    for (auto const& [name, value] : headers)
        add(name);
    for (auto const* const name : {"Content-Length", "Date", "Transfer-Encoding"})
        add(name);
    return names;
}

bool is_read(http::Verb verb) {
    return verb == http::Verb::get || verb == http::Verb::head;
}

// Whether caches may give the answer to pages of any origin.
bool is_same_for_all(std::vector<CorsRule> const& rules, std::string_view method) {
    return rules.empty() || std::ranges::any_of(rules, [method](CorsRule const& rule) {
               return allows_all_origins(rule) && any_fits(rule.methods, method);
           });
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
    auto const rule = find_rule(context.settings.of(target.address.account)->cors, origin, method, asked);
    if (!rule) return azure::StorageErrorCode::cors_preflight_failure;
    http::Response response;
    allow_origin(*rule, origin, response.headers);
    response.headers.set("Access-Control-Allow-Methods", std::string{method});
    if (!asked.empty()) response.headers.set("Access-Control-Allow-Headers", std::string{asked});
    response.headers.set("Access-Control-Max-Age", std::to_string(rule->max_age_seconds));
    return response;
}

void add_cors_headers(
    Context const& context, http::RequestHead const& head, BlobAccounts& accounts, http::Headers& headers
) {
    auto const origin = head.headers.get("Origin");
    if (!context.settings.has_cors() || head.verb == http::Verb::options) return;
    if (origin.empty() && !is_read(head.verb)) return;
    auto const target = parse_target(head, accounts);
    if (!target) return;
    auto const settings = context.settings.of(target->address.account);
    auto const rule = origin.empty() ? std::nullopt : find_rule(settings->cors, origin, head.method, {});
    bool const is_dependent =
        rule ? !allows_all_origins(*rule) : !is_same_for_all(settings->cors, head.method);
    if (rule) {
        auto const exposed = exposed_names(*rule, headers);
        if (!exposed.empty()) headers.set("Access-Control-Expose-Headers", exposed);
        allow_origin(*rule, origin, headers);
    }
    if (is_dependent && is_read(head.verb)) headers.set("Vary", "Origin");
}

}  // namespace bluebatch::emulator::blob
