#include "emulator/app/control.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace bluebatch::emulator::app {
namespace {

struct ControlServiceTest : testing::Test {
    ControlService control;

    static http::Request request(std::string path, std::initializer_list<http::Headers::Field> headers) {
        http::Request made;
        made.verb = http::Verb::get;
        made.path = std::move(path);
        made.headers = http::Headers(headers);
        return made;
    }
    // The status of a refusal, or 0 when the request is let in.
    int refusal(std::initializer_list<http::Headers::Field> headers) {
        auto const decision = control.admit(request("/_bluebatch/health", headers));
        auto const* response = std::get_if<http::Response>(&decision);
        return response == nullptr ? 0 : response->status;
    }
    int status(std::string path) {
        return control.answer(request(std::move(path), {{"Host", "localhost"}})).status;
    }
    void become_ready() { control.set_ready(make_endpoints("127.0.0.1", 10000, 10003, "devstoreaccount1")); }
};

TEST_F(ControlServiceTest, IsReadyOnlyWhenTold) {
    EXPECT_EQ(status("/_bluebatch/health"), 503);
    auto write = request("/_bluebatch/clock", {{"Host", "localhost"}});
    write.verb = http::Verb::post;
    EXPECT_EQ(control.answer(std::move(write)).status, 503) << "it is not the verb that is at fault";
    become_ready();
    EXPECT_EQ(status("/_bluebatch/health"), 200);
}

TEST_F(ControlServiceTest, SaysThatTasksAreSimulated) {
    control.set_ready(make_endpoints("127.0.0.1", 10000, 10003, "devstoreaccount1"), "10s..1m");
    auto const answer = [&](std::string path) {
        return control.answer(request(std::move(path), {{"Host", "localhost"}})).text;
    };
    EXPECT_NE(answer("/_bluebatch/health").find("\"simulatedTaskTime\":\"10s..1m\""), std::string::npos);
    EXPECT_NE(answer("/_bluebatch/ui/").find("Tasks are simulated"), std::string::npos);
}

TEST_F(ControlServiceTest, ShowsWhereTheServicesAre) {
    become_ready();
    auto const page = control.answer(request("/_bluebatch/ui/", {{"Host", "localhost"}}));
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.text.find("http://127.0.0.1:10000/devstoreaccount1"), std::string::npos);
    EXPECT_NE(page.text.find("http://127.0.0.1:10003"), std::string::npos);
}

TEST_F(ControlServiceTest, GivesTheCertificateThatClientsAreToTrust) {
    control.show_authority("-----BEGIN CERTIFICATE-----\n");
    become_ready();
    auto const answer = control.answer(request("/_bluebatch/ca.pem", {{"Host", "localhost"}}));
    EXPECT_EQ(answer.text, "-----BEGIN CERTIFICATE-----\n");
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/x-pem-file");
}

TEST_F(ControlServiceTest, NamesWhatThereIs) {
    become_ready();
    EXPECT_EQ(status("/_bluebatch/nothing"), 404);
}

TEST_F(ControlServiceTest, AnswersToNamesOfThisMachineOnly) {
    for (auto const* host :
         {"localhost:10003", "127.0.0.1", "[::1]:10003", "devbatchaccount1.batch.localhost:80"}) {
        EXPECT_EQ(refusal({{"Host", host}}), 0) << host;
    }
    for (auto const* host :
         {"evil.example", "localhost.evil.example", "10.0.0.1:10003", "a.eastus.batch.azure.com", ""}) {
        EXPECT_EQ(refusal({{"Host", host}}), 403) << host;
    }
}

TEST_F(ControlServiceTest, RefusesPagesOfAnotherOrigin) {
    EXPECT_EQ(refusal({{"Host", "localhost"}, {"Origin", "http://localhost:10003"}}), 0);
    EXPECT_EQ(refusal({{"Host", "localhost:10003"}, {"Origin", "https://localhost:10003"}}), 0);
    EXPECT_EQ(refusal({{"Host", "localhost"}, {"Origin", "https://evil.example"}}), 403);
    EXPECT_EQ(refusal({{"Host", "localhost"}, {"Origin", "http://evil.example"}}), 403);
    EXPECT_EQ(refusal({{"Host", "localhost"}, {"Origin", "null"}}), 403);
}

}  // namespace
}  // namespace bluebatch::emulator::app
