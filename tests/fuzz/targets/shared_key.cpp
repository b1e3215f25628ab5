// SharedKey of both services: what our client signs, our servers accept, and nothing else.
#include "shared/azure/batch_shared_key.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/fuzz/support/requests.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace bluebatch::fuzz {
namespace {

std::array<std::string, 1> const kKeys{"a2V5IG9mIHRoZSBmdXp6ZXI="};
std::array<std::string, 1> const kOtherKeys{"YW5vdGhlciBrZXk="};

bool has_repeated_name(http::Headers const& headers) {
    std::set<std::string> names;
    return std::any_of(headers.begin(), headers.end(), [&](auto const& field) {
        return !names.insert(base::to_lower(field.name)).second;
    });
}

http::Headers reversed(http::Headers const& headers) {
    std::vector<http::Headers::Field> fields(headers.begin(), headers.end());
    std::ranges::reverse(fields);
    http::Headers result;
    for (auto const& field : fields)
        result.add(field.name, field.value);
    return result;
}

void check_storage(http::RequestHead head, std::string_view input) {
    auto const length = head.content_length.value_or(0);
    azure::sign_with_shared_key(
        head.verb, head.path, head.query, head.headers, length, {"account", kKeys.front()}
    );
    auto const authorization = azure::parse_shared_key_authorization(head.headers.get("Authorization"));
    check(authorization && authorization->account == "account", "we read what we write", input);

    if (length > 0) {
        head.headers.set("Content-Length", std::to_string(length));
    } else {
        head.headers.erase("Content-Length");
    }
    using azure::HeaderOrder;
    using azure::SharedKeyScheme;
    azure::SharedKeySubject const subject{head.verb, {}, head.path, head.query, head.headers, "account"};
    auto const text =
        azure::shared_key_string_to_sign(subject, SharedKeyScheme::shared_key, HeaderOrder::culture);
    check(
        azure::sign_storage_text(kKeys.front(), text) == authorization->signature, "the server agrees", text
    );
    check(
        azure::sign_storage_text(kOtherKeys.front(), text) != authorization->signature, "keys matter", text
    );
    if (has_repeated_name(head.headers)) return;
    auto const other_headers = reversed(head.headers);
    azure::SharedKeySubject const other{head.verb, {}, head.path, head.query, other_headers, "account"};
    for (auto const scheme : {SharedKeyScheme::shared_key, SharedKeyScheme::shared_key_lite}) {
        check(
            azure::shared_key_string_to_sign(subject, scheme) ==
                azure::shared_key_string_to_sign(other, scheme),
            "the order of headers does not matter",
            input
        );
    }
}

void check_batch(http::RequestHead head, std::string_view input) {
    // Clients write lengths without leading zeros.
    if (head.content_length) head.headers.set("Content-Length", std::to_string(*head.content_length));
    azure::sign_batch_request(
        head.verb, head.path, head.query, head.headers, head.content_length, {"Account", kKeys.front()}
    );
    auto const authorization = azure::parse_batch_authorization(head.headers.get("Authorization"));
    check(authorization && authorization->account == "Account", "we read what we write", input);
    check(azure::is_signed_by_any(head, *authorization, kKeys), "the server agrees", input);
    check(!azure::is_signed_by_any(head, *authorization, kOtherKeys), "keys matter", input);
    auto other = head;
    other.path += "x";
    check(!azure::is_signed_by_any(other, *authorization, kKeys), "the path is signed", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    azure::parse_shared_key_authorization(input);
    azure::parse_batch_authorization(input);
    auto const head = read_head(input);
    if (!head) return 0;
    if (auto const theirs = azure::parse_batch_authorization(head->headers.get("Authorization")))
        check(!azure::is_signed_by_any(*head, *theirs, kKeys), "nobody guesses a signature", input);
    if (head->verb == http::Verb::other) return 0;
    check_storage(*head, input);
    check_batch(*head, input);
    return 0;
}

}  // namespace bluebatch::fuzz
