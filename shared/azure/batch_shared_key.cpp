#include "shared/azure/batch_shared_key.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace bluebatch::azure {
namespace {

constexpr std::string_view kScheme = "SharedKey";

void append_line(std::string& text, std::string_view line) {
    text.append(line).push_back('\n');
}

void append_ocp_headers(std::string& text, http::Headers const& headers) {
    std::map<std::string, std::string_view> sorted;
    for (auto const& field : headers) {
        auto name = base::to_lower(field.name);
        if (name.starts_with("ocp-")) sorted.emplace(std::move(name), base::trim(field.value));
    }
    for (auto const& [name, value] : sorted)
        text.append(name).append(":").append(value).append("\n");
}

// Of a name that repeats only the first value is signed.
void append_query(std::string& text, std::vector<http::QueryParameter> const& query) {
    std::map<std::string_view, std::string> sorted;
    for (auto const& parameter : query)
        sorted.emplace(parameter.name, parameter.value);
    for (auto const& [name, value] : sorted)
        text.append("\n").append(name).append(":").append(value);
}

std::string sign(std::string_view key_base64, std::string_view text) {
    auto const key = base::parse_base64(key_base64);
    return key ? base::to_base64(base::hmac_sha256(*key, text)) : std::string{};
}

std::vector<http::QueryParameter> with_lower_names(std::vector<http::QueryParameter> query) {
    for (auto& parameter : query)
        parameter.name = base::to_lower(parameter.name);
    return query;
}

// One SDK leaves parameters without a value out of the signature, though it sends them.
std::vector<http::QueryParameter> without_blanks(std::vector<http::QueryParameter> query) {
    std::erase_if(query, [](auto const& parameter) { return parameter.raw_value.empty(); });
    return query;
}

template <class T>
void add_unless_there(std::vector<T>& forms, T form) {
    if (std::ranges::find(forms, form) == forms.end()) forms.push_back(std::move(form));
}

std::vector<std::string> lengths_to_try(http::RequestHead const& head) {
    std::vector<std::string> lengths;
    lengths.emplace_back(head.headers.get("Content-Length"));
    if (head.content_length.value_or(0) == 0) {
        add_unless_there<std::string>(lengths, "");
        add_unless_there<std::string>(lengths, "0");
    }
    return lengths;
}

bool same_parameters(
    std::vector<http::QueryParameter> const& left, std::vector<http::QueryParameter> const& right
) {
    return std::ranges::equal(left, right, [](auto const& a, auto const& b) { return a.name == b.name; });
}

std::vector<std::vector<http::QueryParameter>> queries_to_try(http::RequestHead const& head) {
    std::vector<std::vector<http::QueryParameter>> queries{head.query};
    for (auto form : {with_lower_names(head.query), without_blanks(head.query)}) {
        auto const is_known = [&](auto const& known) { return same_parameters(known, form); };
        if (std::ranges::none_of(queries, is_known)) queries.push_back(std::move(form));
    }
    return queries;
}

}  // namespace

std::string batch_string_to_sign(
    std::string_view method,
    std::string_view path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers const& headers,
    std::string_view content_length,
    std::string_view account
) {
    std::string text;
    append_line(text, method);
    append_line(text, headers.get("Content-Encoding"));
    append_line(text, headers.get("Content-Language"));
    append_line(text, content_length);
    append_line(text, headers.get("Content-MD5"));
    append_line(text, headers.get("Content-Type"));
    // With ocp-date the Date header takes no part.
    append_line(text, headers.has("ocp-date") ? std::string_view{} : headers.get("Date"));
    for (auto const* name :
         {"If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"})
        append_line(text, headers.get(name));
    append_ocp_headers(text, headers);
    text.append("/").append(account).append(path_encoded);
    append_query(text, query);
    return text;
}

void sign_batch_request(
    http::Verb verb,
    std::string_view path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers& headers,
    std::optional<std::uint64_t> content_length,
    BatchCredential const& credential
) {
    auto const length = content_length ? std::to_string(*content_length) : std::string{};
    auto const text =
        batch_string_to_sign(http::to_string(verb), path_encoded, query, headers, length, credential.account);
    headers.set("Authorization", "SharedKey " + credential.account + ":" + sign(credential.key_base64, text));
}

std::optional<BatchAuthorization> parse_batch_authorization(std::string_view header) {
    auto const blank = header.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    if (!base::equal_ignoring_case(header.substr(0, blank), kScheme)) return std::nullopt;
    auto const rest = base::trim(header.substr(blank));
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size()) return std::nullopt;
    return BatchAuthorization{std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1))};
}

bool is_signed_by_any(
    http::RequestHead const& head,
    BatchAuthorization const& authorization,
    std::span<std::string const> keys_base64
) {
    std::vector<std::string> accounts{authorization.account};
    add_unless_there(accounts, base::to_lower(authorization.account));
    std::vector<std::string> paths{head.path};
    add_unless_there(paths, http::percent_decode(head.path));

    bool found = false;
    auto const try_text = [&](std::string const& text) {
        for (auto const& key : keys_base64) {
            auto const expected = sign(key, text);
            if (!expected.empty() && base::equal_in_constant_time(expected, authorization.signature))
                found = true;
        }
        return found;
    };
    for (auto const& query : queries_to_try(head)) {
        for (auto const& account : accounts) {
            for (auto const& path : paths) {
                for (auto const& length : lengths_to_try(head)) {
                    if (try_text(batch_string_to_sign(head.method, path, query, head.headers, length, account)
                        ))
                        return true;
                }
            }
        }
    }
    return false;
}

}  // namespace bluebatch::azure
