#include "client/cli/doctor/doctor.hpp"

#include "tests/unit/client/scripted_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <sstream>

namespace bluebatch::cli::doctor {
namespace {

using ::testing::HasSubstr;
using tests::answer;

class SilentReader final : public LineReader {
public:
    std::optional<std::string> read_line(std::stop_token) override { return std::nullopt; }
};

class DoctorTest : public ::testing::Test {
protected:
    static Accounts azure() {
        Accounts accounts;
        accounts.target = Target::azure;
        accounts.batch = {"mine", "https://mine.westeurope.batch.azure.com", "a2V5"};
        accounts.storage = {"store", "a2V5", "", "https://store.blob.core.windows.net"};
        accounts.batch_source = "environment AZURE_BATCH_ACCESS_KEY";
        accounts.storage_source = "environment AZURE_STORAGE_KEY";
        return accounts;
    }

    // What the services answer, in the order of the checks, where all is well.
    void will_be_well() {
        client_->will(
            answer(200, R"({"value":[{"id":"p","currentDedicatedNodes":2,"currentLowPriorityNodes":1}]})")
        );
        client_->will(answer(200, R"({"value":[{"id":"j"}]})"));
        client_->will(answer(200, "<EnumerationResults><Containers/><NextMarker/></EnumerationResults>"));
    }

    // What the resource manager says of the account, which lies in the second of two subscriptions.
    void will_have_quota(int pools) {
        client_->will(answer(200, R"({"access_token":"SECRET","expires_in":3600})"));
        client_->will(answer(200, R"({"value":[{"subscriptionId":"s1"},{"subscriptionId":"s2"}]})"));
        client_->will(answer(403, R"({"error":{"code":"AuthorizationFailed"}})"));
        client_->will(answer(
            200,
            fmt::format(
                R"({{"value":[{{"name":"Mine","properties":{{"accountEndpoint":"mine.WestEurope.batch.azure.com","poolQuota":{},"activeJobAndJobScheduleQuota":300,)"
                R"("dedicatedCoreQuota":20,"lowPriorityCoreQuota":0}}}}]}})",
                pools
            )
        ));
    }
    static Accounts signed_in() {
        auto accounts = azure();
        accounts.batch.key_base64.clear();
        accounts.storage.key_base64.clear();
        accounts.identity.emplace();
        accounts.identity->managed.identity_endpoint = "http://127.0.0.1/msi/token";
        accounts.identity->managed.identity_header = "h";
        return accounts;
    }

    Findings examine(Accounts accounts, bool may_write = false) {
        auto client = std::make_unique<tests::ScriptedClient>();
        client_ = client.get();
        connection_.emplace(std::move(accounts), std::move(client), world_);
        prepare_();
        return doctor::examine({world_, *connection_, network_, may_write});
    }

    static Finding const* find(Findings const& findings, std::string_view service, std::string_view check) {
        for (auto const& finding : findings) {
            if (finding.service == service && finding.check == check) return &finding;
        }
        return nullptr;
    }

    http::ProbeAnswer probe_answer() const {
        http::ProbeAnswer found;
        found.response.status = 403;
        found.response.headers.set("Date", base::to_rfc1123(clock_.now() + skew_));
        found.address = "203.0.113.7";
        found.certificate = http::ServerCertificate{"CN = x", "CN = Some Authority", expires_};
        return found;
    }

    tests::ManualClock clock_;
    base::SeededRandom random_{3};
    tests::InstantWaiter waiter_{clock_};
    std::ostringstream out_, err_;
    SilentReader typed_;
    Console console_{{out_, err_, typed_, Device::plain, Device::plain, false}, OutputForm::text};
    World world_{clock_, random_, waiter_, [](auto const&) { return std::nullopt; }, console_, {}};
    std::optional<Connection> connection_;  // outlives examine(): tests read what its client was sent
    tests::ScriptedClient* client_ = nullptr;
    std::function<void()> prepare_ = [this] { will_be_well(); };
    std::chrono::seconds skew_{0};
    std::string expires_ = "Nov 22 16:00:00 2027 GMT";
    std::optional<http::TransportFault> fault_;
    Network network_{
        .probe = [this](auto const&, auto) -> base::Result<http::ProbeAnswer, http::TransportError> {
            if (fault_) return http::TransportError{*fault_, "mine.test: lost"};
            return probe_answer();
        },
        .resolve = [](std::string const&) { return std::vector<std::string>{"203.0.113.7"}; },
    };
};

TEST_F(DoctorTest, AHealthyTargetHasNothingToComplainOf) {
    auto const findings = examine(azure());
    for (auto const& finding : findings)
        EXPECT_EQ(finding.verdict, Verdict::ok) << finding.service << finding.check << finding.text;
    EXPECT_EQ(status_of(findings), ExitStatus::success);
    EXPECT_THAT(find(findings, "Batch", "quota")->text, HasSubstr("pools 1, nodes 3, active jobs 1"));
    EXPECT_THAT(find(findings, "Batch", "TLS")->text, HasSubstr("Some Authority"));
    EXPECT_THAT(find(findings, "Storage", "credential")->text, HasSubstr("AZURE_STORAGE_KEY"));
    EXPECT_TRUE(client_->is_spent()) << "nothing else was asked, and nothing was made";
}

TEST_F(DoctorTest, AClockThatIsFarOffIsAFailure) {
    skew_ = std::chrono::minutes(20);
    auto const findings = examine(azure());
    EXPECT_EQ(find(findings, "Batch", "clock")->verdict, Verdict::failure);
    EXPECT_THAT(find(findings, "Batch", "clock")->text, HasSubstr("1200 s behind"));
    EXPECT_EQ(status_of(findings), ExitStatus::usage);
}

TEST_F(DoctorTest, AClockThatIsSomewhatOffIsAWarning) {
    skew_ = -std::chrono::minutes(2);
    auto const findings = examine(azure());
    EXPECT_EQ(find(findings, "Batch", "clock")->verdict, Verdict::warning);
    EXPECT_EQ(status_of(findings), ExitStatus::success);
}

TEST_F(DoctorTest, ACertificateThatEndsSoonIsAWarning) {
    expires_ = "Mar 10 16:00:00 2024 GMT";
    EXPECT_EQ(find(examine(azure()), "Batch", "TLS")->verdict, Verdict::warning);
}

TEST_F(DoctorTest, ACertificateThatIsNotTrustedSaysHowToTrustIt) {
    fault_ = http::TransportFault::tls;
    prepare_ = [] {};
    auto const findings = examine(azure());
    auto const* const tls = find(findings, "Batch", "TLS");
    ASSERT_NE(tls, nullptr);
    EXPECT_EQ(tls->verdict, Verdict::failure);
    EXPECT_THAT(tls->advice, HasSubstr("bluebatch-emulator ca"));
    EXPECT_EQ(find(findings, "Batch", "permission"), nullptr);
    EXPECT_EQ(status_of(findings), ExitStatus::unreachable);
}

TEST_F(DoctorTest, AProxyIsNamedWithoutItsPasswordWhereItIsUsed) {
    std::string excepted;
    world_.environment = [&excepted](std::string const& name) -> std::optional<std::string> {
        if (name == "https_proxy") return "http://me:pass@word@proxy.test:3128";
        if (name == "NO_PROXY") return excepted;
        return std::nullopt;
    };
    auto const told = [this] {
        auto const findings = examine(azure());
        return find(findings, "Batch", "DNS")->text;
    };
    for (auto const* const others : {"", "localhost, azure.example", "xbatch.azure.com"}) {
        excepted = others;
        EXPECT_EQ(told(), "left to the proxy proxy.test:3128") << others;
    }
    for (auto const* const ours : {"*", "localhost,.BATCH.azure.com", "mine.westeurope.batch.azure.com"}) {
        excepted = ours;
        EXPECT_THAT(told(), HasSubstr("203.0.113.7")) << ours;
    }
}

TEST_F(DoctorTest, NothingThatListensIsUnreachable) {
    fault_ = http::TransportFault::refused;
    prepare_ = [] {};
    EXPECT_EQ(status_of(examine(azure())), ExitStatus::unreachable);
}

TEST_F(DoctorTest, APermissionThatIsMissingSaysWhichRoleHasIt) {
    prepare_ = [this] {
        client_->will(tests::batch_error(403, "InsufficientAccountPermissions"));
        client_->will(tests::blob_error(403, "AuthorizationPermissionMismatch"));
    };
    auto const findings = examine(azure());
    EXPECT_THAT(find(findings, "Batch", "permission")->advice, HasSubstr("Azure Batch Data Contributor"));
    EXPECT_THAT(find(findings, "Storage", "permission")->advice, HasSubstr("Storage Blob Data Contributor"));
    EXPECT_EQ(status_of(findings), ExitStatus::usage);
}

TEST_F(DoctorTest, ASignatureMayBeForLess) {
    auto accounts = azure();
    accounts.storage.key_base64.clear();
    accounts.storage.sas = "sv=1&sig=x";
    prepare_ = [this] {
        client_->will(answer(200, R"({"value":[]})"));
        client_->will(answer(200, R"({"value":[]})"));
        client_->will(tests::blob_error(403, "AuthorizationPermissionMismatch"));
    };
    auto const findings = examine(accounts);
    EXPECT_EQ(find(findings, "Storage", "permission")->verdict, Verdict::warning);
    EXPECT_EQ(status_of(findings), ExitStatus::success);
}

TEST_F(DoctorTest, WhatWasMadeIsDeletedAlsoWhereItCouldNotBeRead) {
    prepare_ = [this] {
        will_be_well();
        for (int const status : {201, 201, 202})
            client_->will(answer(status));
    };
    auto const findings = examine(azure(), true);
    // The probe stands for whoever reads by the signature, and is refused.
    EXPECT_EQ(find(findings, "Storage", "writing")->verdict, Verdict::failure);
    EXPECT_EQ(client_->requests.back().verb, http::Verb::remove);
    EXPECT_THAT(client_->requests.back().url, HasSubstr("/bluebatch-doctor-"));
}

TEST_F(DoctorTest, WhoSignsInLearnsWhatTheAccountMayHave) {
    prepare_ = [this] {
        client_->will(answer(200, R"({"access_token":"SECRET","expires_in":3600})"));
        client_->will(answer(200, R"({"value":[{"id":"p","currentDedicatedNodes":2}]})"));
        client_->will(answer(200, R"({"value":[]})"));
        will_have_quota(1);
        client_->will(answer(400, R"({"error":"invalid_resource"})"));
    };
    auto const findings = examine(signed_in());
    auto const* const quota = find(findings, "Batch", "quota");
    EXPECT_EQ(quota->verdict, Verdict::warning);
    EXPECT_THAT(
        quota->text,
        HasSubstr(
            "pools 1 of 1, active jobs 0 of 300 with schedules, nodes 2; cores at most 20 dedicated, 0 Spot"
        )
    );
    EXPECT_THAT(quota->text, HasSubstr("no room for another pool"));
    EXPECT_EQ(client_->requests[4].headers.get("Authorization"), "Bearer SECRET");
    EXPECT_THAT(client_->requests[4].url, HasSubstr("https://management.azure.com/subscriptions"));
}

TEST_F(DoctorTest, TokensSayWhoSignedIn) {
    prepare_ = [this] {
        client_->will(answer(200, R"({"access_token":"SECRET","expires_in":3600})"));
        client_->will(answer(200, R"({"value":[]})"));
        client_->will(answer(200, R"({"value":[]})"));
        will_have_quota(2);
        client_->will(answer(400, R"({"error":"invalid_resource"})"));
    };
    auto const findings = examine(signed_in());
    EXPECT_THAT(
        find(findings, "Batch", "credential")->text, HasSubstr("managed identity (IDENTITY_ENDPOINT)")
    );
    EXPECT_EQ(find(findings, "Storage", "credential")->verdict, Verdict::failure);
    for (auto const& finding : findings)
        EXPECT_EQ(finding.text.find("SECRET"), std::string::npos);
}

TEST_F(DoctorTest, TellsALineForEachCheck) {
    Findings const findings{
        {.service = "", .check = "program", .text = "bluebatch"},
        {.service = "Batch",
         .check = "DNS",
         .verdict = Verdict::failure,
         .text = "None.",
         .advice = "Look.",
         .status = ExitStatus::usage}};
    tell(findings, {}, console_);
    EXPECT_EQ(out_.str(), "ok    program              bluebatch\nFAIL  Batch DNS            None. Look.\n");
    out_.str("");
    DoctorOptions options;
    options.form = OutputForm::json;
    tell(findings, options, console_);
    auto const json = nlohmann::json::parse(out_.str());
    EXPECT_EQ(json["exitStatus"], 2);
    EXPECT_EQ(json["checks"][1]["verdict"], "fail");
    EXPECT_EQ(json["checks"][1]["advice"], "Look.");
}

}  // namespace
}  // namespace bluebatch::cli::doctor
