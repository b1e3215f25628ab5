// Requests to the issuer of tokens: a path in the first line, credentials of a header in the second, then a
// form.
#include "emulator/identity/service.hpp"
#include "shared/base/random.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace bluebatch::fuzz {
namespace {

namespace identity = emulator::identity;

constexpr std::string_view kClient = "33333333-3333-3333-3333-333333333333";

class Endpoint {
public:
    http::Response ask(
        http::Verb verb, std::string_view path, std::string_view header, std::string_view form
    ) {
        http::Request request;
        request.verb = verb;
        if (!http::parse_target(path, request)) return {400};
        request.headers.set("Host", "login.microsoftonline.com");
        request.headers.set("Metadata", "true");
        request.headers.set("Authorization", std::string{header});
        request.body.bytes = form;
        identity::IdentityService service(issuer_, directory_, random_);
        return service.answer(std::move(request));
    }

private:
    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    base::SeededRandom random_{1};
    identity::Issuer issuer_{folder_.path(), clock_, random_};
    identity::Directory directory_{
        {*identity::parse_client(std::string{kClient} + ":a secret nobody guesses=reader")}};
};

void check_principal(std::string_view text) {
    auto const client = identity::parse_client(text);
    if (!client) return;
    check(client->id.size() == kClient.size(), "whoever is configured has an id", text);
    check(identity::object_id_of(client->id).size() == kClient.size(), "and another in tokens", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Endpoint endpoint;
    auto input = to_text(data, size);
    check_principal(input);
    auto const path = take_line(input);
    auto const header = take_line(input);
    for (auto const verb : {http::Verb::get, http::Verb::post}) {
        auto const response = endpoint.ask(verb, path, header, input);
        check(
            response.status == 200 || (response.status >= 400 && response.status < 500),
            "no fault is ours",
            input
        );
        check(base::is_valid_utf8(response.text), "answers are text", input);
        // Nobody here knows the secret, there is no managed identity and no user.
        check(response.text.find("access_token\":") == std::string::npos, "nothing opens by chance", input);
    }
    return 0;
}

}  // namespace bluebatch::fuzz
