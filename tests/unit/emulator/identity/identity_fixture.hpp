#pragma once

#include "emulator/identity/issued_tokens.hpp"
#include "emulator/identity/service.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bluebatch::emulator::identity {

using Json = nlohmann::json;

inline constexpr char const* kApplication = "33333333-3333-3333-3333-333333333333";

class IdentityTest : public testing::Test {
protected:
    // Making a key takes a while, so all tests share one.
    static std::filesystem::path const& folder() {
        static tests::TemporaryDirectory const directory;
        static std::filesystem::path const path = directory.path();
        return path;
    }

    void configure(std::vector<std::string> const& principals) {
        std::vector<Client> clients;
        for (auto const& text : principals)
            clients.push_back(*parse_client(text));
        directory_ = std::make_unique<Directory>(std::move(clients));
    }

    http::Response send(
        http::Verb verb,
        std::string const& target,
        std::string body = {},
        http::Headers headers = {},
        std::string const& host = "login.microsoftonline.com"
    ) {
        IdentityService service(issuer_, *directory_, random_);
        http::Request request;
        request.verb = verb;
        request.scheme = http::Scheme::https;
        request.headers = std::move(headers);
        request.headers.set("Host", host);
        EXPECT_TRUE(http::parse_target(target, request)) << target;
        auto const plan = service.admit(request);
        if (auto const* const refused = std::get_if<http::Response>(&plan)) return *refused;
        request.body.bytes = std::move(body);
        return service.answer(std::move(request));
    }
    Json post(std::string const& target, std::string const& form, int status = 200) {
        auto const response = send(http::Verb::post, target, form);
        EXPECT_EQ(response.status, status) << response.text;
        return Json::parse(response.text);
    }
    Json get(std::string const& target, int status = 200) {
        auto const response = send(http::Verb::get, target);
        EXPECT_EQ(response.status, status) << response.text;
        return Json::parse(response.text);
    }
    static std::string client_credentials(std::string const& secret, std::string const& scope) {
        return std::string("grant_type=client_credentials&client_id=") + kApplication +
               "&client_secret=" + secret + "&scope=" + http::percent_encode(scope);
    }

    tests::ManualClock clock_;
    base::SeededRandom random_{1};
    Issuer issuer_{folder(), clock_, random_};
    std::unique_ptr<Directory> directory_ = std::make_unique<Directory>(std::vector<Client>{});
};

}  // namespace bluebatch::emulator::identity
