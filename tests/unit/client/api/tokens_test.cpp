#include "client/api/application_credential.hpp"
#include "client/api/az_credential.hpp"
#include "client/api/managed_identity.hpp"
#include "client/api/program_output.hpp"
#include "client/api/token_source.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <thread>

namespace bluebatch::client {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::answer;

constexpr std::string_view kBatch = "https://batch.core.windows.net/";
constexpr auto kMachineToken = R"({"access_token":"machine","expires_on":"1709550000","resource":"r"})";

class TokenTest : public tests::PipelineTest {
protected:
    TokenTransport transport() { return {client_, clock_, random_, waiter_}; }
    std::unique_ptr<Credential> secret_credential(std::string secret = "s&cret") {
        return make_secret_credential(
            {"https://login.test", "tenant", "client"}, std::move(secret), transport()
        );
    }
    // The machine's, with what a test says otherwise.
    static ManagedIdentityPlace place(std::function<void(ManagedIdentityPlace&)> const& change = [](auto&) {
    }) {
        ManagedIdentityPlace made;
        change(made);
        return made;
    }
    std::unique_ptr<Credential> probing() {
        return make_managed_identity(place([](auto& at) { at.probe = Probe::yes; }), transport());
    }
    ApiResult<AccessToken> ask(Credential& credential) {
        return credential.request({std::string(kBatch), clock_.now(), {}});
    }
    std::string sent(std::size_t index) { return std::get<std::string>(client_.requests[index].body); }

    tests::TemporaryDirectory folder_;
};

TEST_F(TokenTest, ASecretIsWorthAToken) {
    client_.will(answer(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"abc"})"));

    auto const token = ask(*secret_credential());

    ASSERT_TRUE(token);
    EXPECT_EQ(token->value, "abc");
    EXPECT_EQ(token->expires, clock_.now() + minutes(60));
    EXPECT_EQ(client_.requests[0].url, "https://login.test/tenant/oauth2/v2.0/token");
    EXPECT_EQ(
        sent(0),
        "grant_type=client_credentials&client_id=client"
        "&scope=https%3A%2F%2Fbatch.core.windows.net%2F%2F.default&client_secret=s%26cret"
    );
}

TEST_F(TokenTest, ARefusalIsAboutCredentials) {
    client_.will(answer(
        401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."})"
    ));

    auto const token = ask(*secret_credential());

    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().fault, Fault::credentials);
    EXPECT_FALSE(is_unavailable(token.error()));
    EXPECT_THAT(token.error().message, HasSubstr("AADSTS7000215"));
    EXPECT_THAT(token.error().message, Not(HasSubstr("s&cret")));
}

TEST_F(TokenTest, WhoeverIsBusyIsAskedAgainForAWhile) {
    client_.will(answer(429, {}, {{"Retry-After", "7"}}));
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"abc"})"));
    auto began = clock_.now();
    EXPECT_TRUE(ask(*secret_credential()));
    EXPECT_GE(clock_.now() - began, std::chrono::seconds(7));

    for (int i = 0; i < 2; ++i)
        client_.will(answer(429, {}, {{"Retry-After", "40"}}));
    began = clock_.now();
    auto const token = ask(*secret_credential());
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().status, 429);
    EXPECT_LT(clock_.now() - began, minutes(2));
}

TEST_F(TokenTest, NoSecretIsSentInTheClear) {
    auto const file = folder_.path() / "token";
    std::ofstream(file) << "federated";
    for (auto const* const host : {"http://login.test", "http://127.0.0.1.login.test"}) {
        Application const application{host, "tenant", "client"};
        for (auto const& credential :
             {make_secret_credential(application, "s&cret", transport()),
              make_workload_credential(application, file, transport())}) {
            auto const token = ask(*credential);
            ASSERT_FALSE(token);
            EXPECT_EQ(token.error().fault, Fault::credentials);
            EXPECT_FALSE(is_unavailable(token.error()));
        }
    }
    EXPECT_TRUE(client_.requests.empty());
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"abc"})"));
    EXPECT_TRUE(ask(*make_secret_credential({"http://127.0.0.1:4000", "t", "c"}, "s", transport())));
}

TEST_F(TokenTest, ASignatureIsNotSentInTheClearExceptToAnEmulator) {
    auto const outcome = [this](std::string url, PlainHttp plain) {
        http::OutgoingRequest request;
        request.url = std::move(url);
        return make_sas_authorizer("sig=x", plain)->authorize(request, clock_.now(), {}).has_value();
    };
    EXPECT_FALSE(outcome("http://store.test/a", PlainHttp::refuse));
    EXPECT_TRUE(outcome("https://store.test/a", PlainHttp::refuse));
    EXPECT_TRUE(outcome("http://127.0.0.1:10000/a", PlainHttp::refuse));
    EXPECT_TRUE(outcome("http://store.test/a", PlainHttp::take));
}

TEST_F(TokenTest, AFederatedTokenIsReadEachTime) {
    auto const file = folder_.path() / "token";
    auto const credential =
        make_workload_credential({"https://login.test", "tenant", "client"}, file, transport());
    EXPECT_THAT(ask(*credential).error().message, HasSubstr(file.string()));
    for (auto const* const text : {"first\n", "second\n"}) {
        std::ofstream(file) << text;
        client_.will(answer(200, R"({"expires_in":3600,"access_token":"abc"})"));
        ASSERT_TRUE(ask(*credential));
    }
    EXPECT_THAT(
        sent(0),
        HasSubstr("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
    );
    EXPECT_THAT(sent(0), testing::EndsWith("&client_assertion=first"));
    EXPECT_THAT(sent(1), testing::EndsWith("&client_assertion=second"));
    std::ofstream(file) << std::string(70'000, 'x');
    EXPECT_THAT(ask(*credential).error().message, HasSubstr("too large"));
}

TEST_F(TokenTest, AppServiceIsAskedWithItsHeader) {
    client_.will(answer(200, kMachineToken));
    auto const credential = make_managed_identity(
        place([](auto& at) {
            at.identity_endpoint = "http://127.0.0.1:41/msi/token";
            at.identity_header = "h";
            at.client_id = "me";
        }),
        transport()
    );

    auto const token = ask(*credential);

    ASSERT_TRUE(token);
    EXPECT_EQ(token->value, "machine");
    EXPECT_EQ(base::to_iso8601(token->expires), "2024-03-04T11:00:00Z");
    EXPECT_EQ(
        client_.requests[0].url,
        "http://127.0.0.1:41/msi/"
        "token?api-version=2019-08-01&resource=https%3A%2F%2Fbatch.core.windows.net%2F&client_id=me"
    );
    EXPECT_EQ(client_.requests[0].headers.get("X-IDENTITY-HEADER"), "h");
}

TEST_F(TokenTest, AMachineIsLookedForShortlyAndOnce) {
    client_.will(answer(400));
    client_.will(answer(200, kMachineToken));
    client_.will(answer(200, kMachineToken));
    auto const credential = probing();

    EXPECT_TRUE(ask(*credential));
    EXPECT_TRUE(ask(*credential));

    EXPECT_FALSE(client_.requests[0].headers.has("Metadata"));
    EXPECT_LE(client_.requests[0].connect_timeout, std::chrono::seconds(1));
    EXPECT_EQ(client_.requests[1].headers.get("Metadata"), "true");
    EXPECT_EQ(
        client_.requests[1].url,
        "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
        "&resource=https%3A%2F%2Fbatch.core.windows.net%2F"
    );
}

TEST_F(TokenTest, WhereThereIsNoMachineOfAzureNothingAnswers) {
    client_.will(tests::lost(http::TransportFault::timed_out));
    EXPECT_TRUE(is_unavailable(ask(*probing()).error()));
}

TEST_F(TokenTest, WhatElseAnswersThereIsNoMachineOfAzure) {
    auto const ask_after_probe = [this](tests::Answer next) {
        client_.will(answer(200));
        client_.will(std::move(next));
        auto const token = ask(*probing());
        EXPECT_TRUE(waiter_.waits().empty());
        return !token && is_unavailable(token.error());
    };
    EXPECT_TRUE(ask_after_probe(answer(404, "not found")));
    EXPECT_TRUE(ask_after_probe(answer(401, R"({"error":"invalid_client"})")));
    EXPECT_TRUE(ask_after_probe(answer(405, "<html>")));
    EXPECT_TRUE(ask_after_probe(answer(200, "<html>")));
    EXPECT_FALSE(ask_after_probe(answer(429, R"({"error":"busy"})", {{"Retry-After", "900"}})));
    EXPECT_TRUE(client_.is_spent());
}

TEST_F(TokenTest, WhereAnIdentityIsConfiguredItsSilenceIsAnError) {
    auto const credential = make_managed_identity(
        place([](auto& at) {
            at.identity_endpoint = "http://127.0.0.1:41/msi/token";
            at.identity_header = "h";
            at.probe = Probe::yes;
        }),
        transport()
    );
    for (int i = 0; i < 6; ++i)
        client_.will(tests::lost(http::TransportFault::refused));
    auto const token = ask(*credential);
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().fault, Fault::transport);
}

TEST_F(TokenTest, EndpointsOfIdentitiesAreAskedWithoutAProxy) {
    client_.will(answer(400));
    client_.will(answer(200, kMachineToken));
    EXPECT_TRUE(ask(*probing()));
    client_.will(answer(200, kMachineToken));
    EXPECT_TRUE(ask(*make_managed_identity(
        place([](auto& at) {
            at.identity_endpoint = "http://10.1.2.3/msi/token";
            at.identity_header = "h";
        }),
        transport()
    )));
    for (auto const& request : client_.requests)
        EXPECT_FALSE(request.may_use_proxy) << request.url;
}

TEST_F(TokenTest, AMachineThatIsBeingRenewedIsAskedAgain) {
    client_.will(answer(410));
    client_.will(answer(404));
    client_.will(answer(200, kMachineToken));
    EXPECT_TRUE(ask(*make_managed_identity(place(), transport())));
    EXPECT_EQ(waiter_.waits().size(), 2U);
}

TEST_F(TokenTest, FormsWithoutSupportAreNamed) {
    auto const why = [this](auto const& change) {
        auto const token = ask(*make_managed_identity(place(change), transport()));
        return is_unavailable(token.error()) ? token.error().message : std::string();
    };
    auto const endpoint = [](auto& at) { at.identity_endpoint = "e"; };
    EXPECT_THAT(why(endpoint), HasSubstr("IDENTITY_HEADER"));
    EXPECT_THAT(why([&](auto& at) { endpoint(at), at.imds_endpoint = "i"; }), HasSubstr("Arc"));
    EXPECT_THAT(
        why([&](auto& at) { endpoint(at), at.identity_thumbprint = "t"; }), HasSubstr("Service Fabric")
    );
    EXPECT_THAT(why([](auto& at) { at.msi_endpoint = "m"; }), HasSubstr("Cloud Shell"));
}

ProgramRunner runs(ProgramOutput output, std::vector<std::string>* words = nullptr) {
    return [output = std::move(output),
            words](auto const& given, auto, auto) -> base::Result<ProgramOutput, ProgramError> {
        if (words) *words = given;
        return output;
    };
}

TEST_F(TokenTest, ATimeThatNoTokenLivesToIsNone) {
    for (auto const* const lifetime : {"9223372036854775807", "-9223372036854775808", "253402300800", "-1"}) {
        for (auto const* const member : {"expires_on", "expires_in"}) {
            auto const body = fmt::format(R"({{"access_token":"a","{}":{}}})", member, lifetime);
            auto const token = read_token_answer("Somebody", body, clock_.now());
            ASSERT_TRUE(token);
            EXPECT_LE(token->expires, clock_.now()) << body;
        }
    }
}

TEST_F(TokenTest, AzIsAskedForTheResource) {
    std::vector<std::string> words;
    auto const credential = make_az_credential(
        runs({0, R"({"accessToken":"az","expires_on":1709550000,"expiresOn":"x"})", ""}, &words)
    );

    auto const token = ask(*credential);

    ASSERT_TRUE(token);
    EXPECT_EQ(token->value, "az");
    EXPECT_EQ(base::to_iso8601(token->expires), "2024-03-04T11:00:00Z");
    EXPECT_THAT(
        words,
        ElementsAre(
            "az", "account", "get-access-token", "--output", "json", "--resource", std::string(kBatch)
        )
    );
}

TEST_F(TokenTest, AnOlderAzSaysTheLocalTime) {
    ::setenv("TZ", "UTC-2", 1);
    ::tzset();
    auto const token = ask(
        *make_az_credential(runs({0, R"({"accessToken":"az","expiresOn":"2024-03-04 13:00:00.123456"})", ""}))
    );
    ::unsetenv("TZ");
    ::tzset();
    ASSERT_TRUE(token);
    EXPECT_EQ(base::to_iso8601(token->expires), "2024-03-04T11:00:00Z");
}

TEST_F(TokenTest, WhatAzComplainsOfIsToldAndNeverItsOutput) {
    auto const why = [this](base::Result<ProgramOutput, ProgramError> outcome) {
        auto const run = [&outcome](auto const&, auto, auto) { return outcome; };
        auto const token = ask(*make_az_credential(run));
        return token ? std::string() : token.error().message;
    };
    EXPECT_THAT(
        why(ProgramOutput{1, "tok", "ERROR: Please run 'az login'\nto setup account."}),
        HasSubstr("Please run 'az login' to")
    );
    EXPECT_THAT(why(ProgramOutput{0, "tok {", ""}), Not(HasSubstr("tok {")));
    EXPECT_THAT(why(ProgramOutput{0, R"({"accessToken":"tok"})", ""}), HasSubstr("something else"));
    EXPECT_THAT(why(ProgramError{ProgramFault::not_found, "az can't be started"}), HasSubstr("not on PATH"));
    EXPECT_THAT(
        why(ProgramError{ProgramFault::timed_out, "no end within 30 s"}), HasSubstr("no end within 30 s")
    );
}

TEST_F(TokenTest, AChainTakesTheFirstThatIsThereAndStaysWithIt) {
    std::vector<std::string> told;
    std::vector<std::unique_ptr<Credential>> ways;
    ways.push_back(secret_credential(""));
    ways.push_back(make_az_credential(runs({0, R"({"accessToken":"az","expires_on":1709550000})", ""})));
    ways.push_back(make_managed_identity(place(), transport()));
    auto const chain =
        make_chain(std::move(ways), [&told](std::string const& name) { told.push_back(name); });

    EXPECT_EQ(ask(*chain)->value, "az");
    EXPECT_EQ(ask(*chain)->value, "az");

    EXPECT_THAT(told, ElementsAre("az"));
    EXPECT_TRUE(client_.requests.empty());
}

TEST_F(TokenTest, AChainStopsAtAWayThatIsRefused) {
    client_.will(answer(401, R"({"error":"invalid_client"})"));
    std::vector<std::unique_ptr<Credential>> ways;
    ways.push_back(secret_credential());
    ways.push_back(make_az_credential(runs({0, R"({"accessToken":"az","expires_on":1709550000})", ""})));
    auto const token = ask(*make_chain(std::move(ways), {}));
    ASSERT_FALSE(token);
    EXPECT_THAT(token.error().message, HasSubstr("invalid_client"));
}

TEST_F(TokenTest, AChainWithNothingSaysWhatIsMissing) {
    std::vector<std::unique_ptr<Credential>> ways;
    ways.push_back(secret_credential(""));
    ways.push_back(make_workload_credential({"https://login.test", "", "client"}, "", transport()));
    auto const token = ask(*make_chain(std::move(ways), {}));
    ASSERT_FALSE(token);
    EXPECT_TRUE(is_unavailable(token.error()));
    EXPECT_THAT(token.error().message, HasSubstr("client secret: not set: AZURE_CLIENT_SECRET."));
    EXPECT_THAT(
        token.error().message,
        HasSubstr("workload identity: not set: AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE.")
    );
}

TEST_F(TokenTest, ATokenIsKeptUntilShortlyBeforeItExpires) {
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"first"})"));
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"second"})"));
    TokenSource source(secret_credential());
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "first");
    clock_.advance(minutes(54));
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "first");
    clock_.advance(minutes(2));
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "second");
}

TEST_F(TokenTest, ATokenThatIsStillGoodOutlivesARenewalThatFails) {
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"first"})"));
    client_.will(answer(400, R"({"error":"temporarily_unavailable"})"));
    client_.will(answer(400, R"({"error":"temporarily_unavailable"})"));
    TokenSource source(secret_credential());
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "first");
    clock_.advance(minutes(57));
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "first");
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "first");
    EXPECT_EQ(client_.requests.size(), 2U);
    clock_.advance(minutes(4));
    EXPECT_FALSE(source.get(kBatch, clock_.now(), {}));
}

TEST_F(TokenTest, EveryResourceHasATokenOfItsOwn) {
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"b"})"));
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"s"})"));
    TokenSource source(secret_credential());
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "b");
    EXPECT_EQ(*source.get("https://storage.azure.com", clock_.now(), {}), "s");
    EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "b");
}

TEST_F(TokenTest, ManyThatNeedATokenAskOnce) {
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"abc"})"));
    TokenSource source(secret_credential());
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([this, &source] { EXPECT_EQ(*source.get(kBatch, clock_.now(), {}), "abc"); }
            );
    }
    EXPECT_EQ(client_.requests.size(), 1U);
}

TEST_F(TokenTest, ATokenIsNotSentInTheClear) {
    TokenSource source(secret_credential());
    auto const bearer = make_bearer_authorizer(source, std::string(kBatch));
    for (auto const* const url : {"http://batch.example.test/pools", "http://127.0.0.1.example.test/pools"}) {
        http::OutgoingRequest request;
        request.url = url;
        auto const outcome = bearer->authorize(request, clock_.now(), {});
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().fault, Fault::credentials);
    }
    EXPECT_TRUE(client_.requests.empty());
}

TEST(RunProgram, TellsWhatAProgramSaidAndHowItEnded) {
    auto const run =
        run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, std::chrono::seconds(20), {});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->exit_code, 3);
    EXPECT_EQ(run->output, "out\n");
    EXPECT_EQ(run->errors, "err\n");
}

TEST(RunProgram, PassesWordsOnAsTheyAre) {
    auto const run = run_program({"printf", "%s|", "$HOME", "a b", "*;x"}, std::chrono::seconds(20), {});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->output, "$HOME|a b|*;x|");
}

TEST(RunProgram, EndsWhatTakesTooLongWithItsChildren) {
    auto const run = run_program({"sh", "-c", "sleep 600 & sleep 600"}, std::chrono::milliseconds(50), {});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().fault, ProgramFault::timed_out);
}

TEST(RunProgram, EndsWhatSaysNothingMore) {
    auto const run = run_program({"sh", "-c", "exec >&- 2>&-; sleep 600"}, std::chrono::milliseconds(50), {});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().fault, ProgramFault::timed_out);
}

TEST(RunProgram, DoesNotWaitForWhatAProgramLeavesBehind) {
    auto const run = run_program({"sh", "-c", "sleep 30 & echo out"}, std::chrono::seconds(20), {});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->output, "out\n");
}

TEST(RunProgram, EndsWhenStopped) {
    std::stop_source stop;
    stop.request_stop();
    auto const run = run_program({"sleep", "600"}, std::chrono::seconds(600), stop.get_token());
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().fault, ProgramFault::stopped);
}

TEST(RunProgram, NamesAProgramThatIsNotThere) {
    auto const run = run_program({"bluebatch-no-such-program"}, std::chrono::seconds(20), {});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().fault, ProgramFault::not_found);
}

TEST(RunProgram, TakesNoEndlessOutput) {
    auto const run = run_program({"yes"}, std::chrono::seconds(60), {});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().fault, ProgramFault::too_much_output);
}

}  // namespace
}  // namespace bluebatch::client
