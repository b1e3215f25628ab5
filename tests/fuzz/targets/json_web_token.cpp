// Bearer tokens, as they come and with their first two lines as the JSON of header and claims.
#include "shared/codec/json_web_token.hpp"

#include "emulator/blob/token_validator.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

void check_token(std::string_view text) {
    static auto const validator = emulator::blob::make_basic_token_validator();
    auto const now = base::parse_iso8601("2024-01-01T00:00:00Z").value();
    auto const token = codec::parse_json_web_token(text);
    auto const answer = validator->validate(text, "account", now);
    if (!token) {
        check(!answer, "what is no token opens nothing", text);
        return;
    }
    check(text.starts_with(token->signed_text), "what is signed is the beginning", text);
    check(!token->algorithm.empty(), "a token has an algorithm", text);
    check(
        base::is_valid_utf8(token->object_id) && base::is_valid_utf8(token->issuer), "claims are text", text
    );
    if (!answer) {
        check(!answer.error().detail.empty(), "a refusal has a reason", text);
        return;
    }
    check(token->expiry && now < *token->expiry, "a token that opens is not expired", text);
    check(token->issuer.starts_with("https://"), "a token that opens has an issuer", text);
    check(answer->object_id == token->object_id, "and speaks for whom it names", text);
    check(!validator->validate(text, "account", *token->expiry), "and ends", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    check_token(input);
    auto const header = take_line(input);
    check_token(
        codec::to_base64url(header) + "." + codec::to_base64url(input) + "." +
        codec::to_base64url("signature")
    );
    return 0;
}

}  // namespace bluebatch::fuzz
