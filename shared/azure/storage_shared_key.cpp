#include "shared/azure/storage_shared_key.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace bluebatch::azure {
namespace {

// Versions before this one sign "0" for an empty body.
constexpr std::string_view kFirstVersionWithBlankZeroLength = "2015-02-21";

int culture_weight(char letter) {
    if (letter >= 'a' && letter <= 'z') return 0x200 + letter;
    if (letter >= '0' && letter <= '9') return 0x100 + letter;
    return letter;
}

bool is_ignored_at_first(char letter) {
    return letter == '-' || letter == '\'';
}

// As .NET sorts en-US words: punctuation, digits, letters; '-' is looked at only where all else is equal, and
// then the name that has it earlier comes later.
bool comes_first_in_culture(std::string_view left, std::string_view right) {
    std::size_t i = 0;
    std::size_t j = 0;
    for (;;) {
        while (i < left.size() && is_ignored_at_first(left[i]))
            ++i;
        while (j < right.size() && is_ignored_at_first(right[j]))
            ++j;
        if (i == left.size() || j == right.size()) break;
        if (left[i] != right[j]) return culture_weight(left[i]) < culture_weight(right[j]);
        ++i;
        ++j;
    }
    if (i != left.size() || j != right.size()) return i == left.size();
    auto const [at_left, at_right] = std::ranges::mismatch(left, right);
    return at_right != right.end() && at_left != left.end() && is_ignored_at_first(*at_right);
}

std::string canonicalized_headers(http::Headers const& headers, HeaderOrder order) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (auto const& field : headers) {
        if (!base::starts_with_ignoring_case(field.name, "x-ms-")) continue;
        fields.emplace_back(base::to_lower(field.name), std::string{base::trim(field.value)});
    }
    std::ranges::stable_sort(fields, [order](auto const& left, auto const& right) {
        return order == HeaderOrder::ordinal ? left.first < right.first
                                             : comes_first_in_culture(left.first, right.first);
    });
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0 && fields[i].first == fields[i - 1].first) {
            text.back() = ',';
            text.append(fields[i].second).append("\n");
        } else {
            text.append(fields[i].first).append(":").append(fields[i].second).append("\n");
        }
    }
    return text;
}

std::string canonicalized_resource(SharedKeySubject const& subject, SharedKeyScheme scheme) {
    std::string text = "/" + std::string{subject.account};
    text += subject.url_path_encoded.empty() ? std::string_view{"/"} : subject.url_path_encoded;
    if (scheme == SharedKeyScheme::shared_key_lite) {
        for (auto const& parameter : subject.query) {
            if (parameter.name == "comp") return text.append("?comp=").append(parameter.value);
        }
        return text;
    }
    std::map<std::string, std::vector<std::string_view>> parameters;
    for (auto const& parameter : subject.query) {
        parameters[base::to_lower(parameter.name)].push_back(parameter.value);
    }
    for (auto& [name, values] : parameters) {
        std::ranges::sort(values);
        text.append("\n").append(name).append(":");
        for (std::size_t i = 0; i < values.size(); ++i)
            text.append(i == 0 ? "" : ",").append(values[i]);
    }
    return text;
}

// With x-ms-date the Date header takes no part.
std::string_view signed_date(http::Headers const& headers) {
    return headers.has("x-ms-date") ? std::string_view{} : headers.get("Date");
}

std::string_view signed_length(http::Headers const& headers) {
    auto const length = headers.get("Content-Length");
    if (length != "0") return length;
    auto const version = headers.get("x-ms-version");
    return version.empty() || version >= kFirstVersionWithBlankZeroLength ? std::string_view{} : length;
}

}  // namespace

std::string shared_key_string_to_sign(
    SharedKeySubject const& subject, SharedKeyScheme scheme, HeaderOrder order
) {
    auto const& headers = subject.headers;
    std::string text{subject.method.empty() ? http::to_string(subject.verb) : subject.method};
    auto const add = [&text](std::string_view line) { text.append("\n").append(line); };
    if (scheme == SharedKeyScheme::shared_key) {
        add(headers.get("Content-Encoding"));
        add(headers.get("Content-Language"));
        add(signed_length(headers));
    }
    add(headers.get("Content-MD5"));
    add(headers.get("Content-Type"));
    add(signed_date(headers));
    if (scheme == SharedKeyScheme::shared_key) {
        constexpr std::array kConditions{
            "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"};
        for (auto const* name : kConditions)
            add(headers.get(name));
    }
    text += "\n";
    text += canonicalized_headers(headers, order);
    return text + canonicalized_resource(subject, scheme);
}

std::optional<std::string> sign_storage_text(std::string_view key_base64, std::string_view text) {
    auto const key = base::parse_base64(key_base64);
    if (!key) return std::nullopt;
    return base::to_base64(base::hmac_sha256(*key, text));
}

std::optional<SharedKeyAuthorization> parse_shared_key_authorization(std::string_view header) {
    auto const blank = header.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    auto const name = header.substr(0, blank);
    SharedKeyAuthorization result;
    if (base::equal_ignoring_case(name, "SharedKeyLite")) {
        result.scheme = SharedKeyScheme::shared_key_lite;
    } else if (!base::equal_ignoring_case(name, "SharedKey")) {
        return std::nullopt;
    }
    auto const rest = base::trim(header.substr(blank));
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size()) return std::nullopt;
    result.account = rest.substr(0, colon);
    result.signature = rest.substr(colon + 1);
    return result;
}

void sign_with_shared_key(
    http::Verb verb,
    std::string_view url_path_encoded,
    std::vector<http::QueryParameter> const& query,
    http::Headers& headers,
    std::uint64_t content_length,
    StorageCredential const& credential
) {
    auto signed_headers = headers;
    if (content_length > 0) {
        signed_headers.set("Content-Length", std::to_string(content_length));
    } else {
        signed_headers.erase("Content-Length");
    }
    SharedKeySubject const subject{verb, {}, url_path_encoded, query, signed_headers, credential.account};
    auto const text = shared_key_string_to_sign(subject, SharedKeyScheme::shared_key, HeaderOrder::culture);
    auto const signature = sign_storage_text(credential.key_base64, text).value_or("");
    headers.set("Authorization", "SharedKey " + credential.account + ":" + signature);
}

}  // namespace bluebatch::azure
