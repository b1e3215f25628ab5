#pragma once

#include "emulator/blob/service.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/local_client.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/blob/foreign_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bluebatch::emulator::blob {

// The service without sockets, one account with two keys, and a container "con".
class BlobFixture : public testing::Test {
protected:
    static constexpr auto* kKey = "a2V5IG9uZQ==";
    static constexpr auto* kSecondKey = "a2V5IHR3bw==";

    struct Ask {
        http::Verb verb = http::Verb::get;
        std::string target;  // "/con/b?comp=..." behind the account
        http::Headers headers{};
        std::string body{};
    };

    // As the account's owner.
    http::Response ask(Ask const& request) { return ask_with_key(request, kKey); }
    http::Response ask_with_key(Ask const& request, std::string const& key) {
        auto outgoing = unsigned_request(request);
        outgoing.headers.set("x-ms-date", base::to_rfc1123(clock_.now()));
        if (!outgoing.headers.has("x-ms-version")) outgoing.headers.set("x-ms-version", "2021-12-02");
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target("/acc" + request.target, head));
        azure::sign_with_shared_key(
            request.verb, head.path, head.query, outgoing.headers, request.body.size(), {"acc", key}
        );
        return http::ask(service_, outgoing);
    }
    // As nobody, or by the signature in the URL.
    http::Response ask_anonymously(Ask const& request) {
        return http::ask(service_, unsigned_request(request));
    }

    void put(std::string const& name, std::string const& body) {
        auto const response =
            ask({http::Verb::put, "/con/" + name, http::Headers{{"x-ms-blob-type", "BlockBlob"}}, body});
        ASSERT_EQ(response.status, 201) << response.text;
    }

    std::string service_sas(std::string const& permissions, std::string const& blob = {}) {
        azure::ServiceSasOptions options;
        options.account = "acc";
        options.key_base64 = kKey;
        options.container = "con";
        options.blob = blob;
        options.permissions = permissions;
        options.expiry = clock_.now() + std::chrono::hours{1};
        return azure::make_service_sas(options);
    }

    static std::string code_of(http::Response const& response) {
        return std::string{response.headers.get("x-ms-error-code")};
    }
    static std::string detail_of(http::Response const& response, std::string_view element) {
        auto const root = codec::parse_xml(response.text);
        auto const* const found = root ? root->find(element) : nullptr;
        return found == nullptr ? std::string{} : found->text;
    }
    // Whatever mixture of text and files the body is.
    static std::string body_of(http::Response const& response);

    void SetUp() override { ASSERT_EQ(ask({http::Verb::put, "/con?restype=container"}).status, 201); }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    base::SeededRandom random_{1};
    BlobServiceOptions options() const {
        auto const accounts = std::vector<BlobAccount>{{"acc", {kKey, kSecondKey}}, {"other", {kKey}}};
        BlobServiceOptions options{std::make_shared<BlobAccounts>(accounts), folder_.path()};
        options.network = elsewhere_;
        return options;
    }
    std::shared_ptr<ForeignServer> elsewhere_ = std::make_shared<ForeignServer>();
    BlobService service_{options(), clock_, random_};

private:
    static http::OutgoingRequest unsigned_request(Ask const& request) {
        http::OutgoingRequest outgoing;
        outgoing.verb = request.verb;
        outgoing.url = "http://127.0.0.1:10000/acc" + request.target;
        outgoing.headers = request.headers;
        outgoing.body = request.body;
        return outgoing;
    }
};

}  // namespace bluebatch::emulator::blob
