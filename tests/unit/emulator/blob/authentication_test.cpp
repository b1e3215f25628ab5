#include "emulator/blob/authentication.hpp"

#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Verb;

class Authentication : public BlobFixture {
protected:
    void SetUp() override {
        BlobFixture::SetUp();
        put("b", "hello");
    }

    int status_with(std::string const& sas) { return ask_anonymously({Verb::get, "/con/b?" + sas}).status; }
};

TEST_F(Authentication, AcceptsBothKeysOfTheAccount) {
    EXPECT_EQ(ask_with_key({Verb::get, "/con/b"}, kKey).status, 200);
    EXPECT_EQ(ask_with_key({Verb::get, "/con/b"}, kSecondKey).status, 200);
    EXPECT_EQ(ask_with_key({Verb::get, "/con/b"}, "d3Jvbmc=").status, 403);
}

TEST_F(Authentication, TellsWhatItSignedAndNoSignature) {
    auto const response = ask_with_key({Verb::get, "/con/b"}, "d3Jvbmc=");

    EXPECT_EQ(code_of(response), "AuthenticationFailed");
    EXPECT_NE(detail_of(response, "AuthenticationErrorDetail").find("GET\\n\\n"), std::string::npos);
    EXPECT_EQ(response.text.find("SharedKey acc:"), std::string::npos);
}

TEST_F(Authentication, BindsASharedKeySignatureToItsRequest) {
    http::OutgoingRequest request;
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};
    azure::sign_with_shared_key(Verb::get, "/acc/con/b", {}, request.headers, 0, {"acc", kKey});

    request.url = "http://127.0.0.1:10000/acc/con/b";
    EXPECT_EQ(http::ask(service_, request).status, 200);
    request.url = "http://127.0.0.1:10000/acc/con/other";
    EXPECT_EQ(http::ask(service_, request).status, 403);
    request.url = "http://127.0.0.1:10000/other/con/b";
    EXPECT_EQ(http::ask(service_, request).status, 403);
}

TEST_F(Authentication, AcceptsSharedKeyLite) {
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:10000/acc/con/b";
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};
    std::vector<http::QueryParameter> const query;
    auto const text = azure::shared_key_string_to_sign(
        {Verb::get, {}, "/acc/con/b", query, request.headers, "acc"}, azure::SharedKeyScheme::shared_key_lite
    );
    request.headers.set("Authorization", "SharedKeyLite acc:" + azure::sign_storage_text(kKey, text).value());

    EXPECT_EQ(http::ask(service_, request).status, 200);
}

TEST_F(Authentication, RefusesDatesFarFromTheClock) {
    auto const status_at = [this](std::chrono::minutes distance) {
        http::OutgoingRequest request;
        request.url = "http://127.0.0.1:10000/acc/con/b";
        request.headers = {
            {"x-ms-date", base::to_rfc1123(clock_.now() + distance)}, {"x-ms-version", "2021-12-02"}};
        azure::sign_with_shared_key(Verb::get, "/acc/con/b", {}, request.headers, 0, {"acc", kKey});
        return http::ask(service_, request).status;
    };

    EXPECT_EQ(status_at(std::chrono::minutes{-14}), 200);
    EXPECT_EQ(status_at(std::chrono::minutes{14}), 200);
    EXPECT_EQ(status_at(std::chrono::minutes{-16}), 403);
    EXPECT_EQ(status_at(std::chrono::minutes{16}), 403);
}

TEST_F(Authentication, RefusesNobody) {
    EXPECT_EQ(code_of(ask_anonymously({Verb::get, "/con/b"})), "ResourceNotFound");
    auto const asked = ask_anonymously({Verb::get, "/con/b", http::Headers{{"x-ms-version", "2021-12-02"}}});
    EXPECT_EQ(code_of(asked), "NoAuthenticationInformation");
    EXPECT_EQ(asked.status, 401);
    EXPECT_TRUE(asked.headers.has("WWW-Authenticate"));
    EXPECT_TRUE(asked.headers.get("WWW-Authenticate").starts_with("Bearer authorization_uri="));
    auto const old = ask_anonymously({Verb::remove, "/con/b", http::Headers{{"x-ms-version", "2019-07-07"}}});
    EXPECT_EQ(code_of(old), "ResourceNotFound");
    EXPECT_FALSE(old.headers.has("WWW-Authenticate"));
}

TEST_F(Authentication, SaysHowToHaveBearerTokensAccepted) {
    auto const response = ask_anonymously(
        {Verb::get, "/con/b", http::Headers{{"Authorization", "Bearer abc"}, {"x-ms-version", "2021-12-02"}}}
    );

    EXPECT_EQ(response.status, 403);
    EXPECT_NE(detail_of(response, "AuthenticationErrorDetail").find("--oauth basic"), std::string::npos);
}

TEST_F(Authentication, RefusesOtherSchemes) {
    auto const status = [this](char const* authorization) {
        return ask_anonymously({Verb::get, "/con/b", http::Headers{{"Authorization", authorization}}}).status;
    };

    EXPECT_EQ(status("Bearer abc"), 403);
    EXPECT_EQ(status("Basic abc"), 400);
    EXPECT_EQ(status("SharedKey acc:"), 400);
}

TEST_F(Authentication, HoldsSignaturesToTheirTime) {
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kSecondKey;
    options.container = "con";
    options.permissions = "r";
    options.start = clock_.now() + std::chrono::minutes{10};
    options.expiry = clock_.now() + std::chrono::minutes{20};
    auto const sas = azure::make_service_sas(options);

    EXPECT_EQ(status_with(sas), 403);
    clock_.advance(std::chrono::minutes{10});
    EXPECT_EQ(status_with(sas), 200);
    clock_.advance(std::chrono::minutes{10});
    auto const late = ask_anonymously({Verb::get, "/con/b?" + sas});
    EXPECT_EQ(code_of(late), "AuthenticationFailed");
    EXPECT_NE(
        detail_of(late, "AuthenticationErrorDetail").find("not valid in the specified time frame"),
        std::string::npos
    );
}

TEST_F(Authentication, HoldsSignaturesToTheirPermissions) {
    EXPECT_EQ(status_with(service_sas("r")), 200);
    EXPECT_EQ(status_with(service_sas("r", "b")), 200);
    EXPECT_EQ(
        code_of(ask_anonymously({Verb::get, "/con/b?" + service_sas("w")})), "AuthorizationPermissionMismatch"
    );
    EXPECT_EQ(
        code_of(ask_anonymously({Verb::get, "/con?restype=container&comp=list&" + service_sas("l", "b")})),
        "AuthenticationFailed"
    );
    EXPECT_EQ(
        code_of(ask_anonymously({Verb::remove, "/con?restype=container&" + service_sas("rwdl")})),
        "AuthorizationFailure"
    );
}

TEST_F(Authentication, RefusesSignaturesWithoutTheirFields) {
    for (auto const* const query : {"sig=x", "sv=2021-12-02&sig=x", "sv=2021-12-02&sr=b&sig="}) {
        auto const response = ask_anonymously({Verb::get, std::string{"/con/b?"} + query});
        EXPECT_EQ(code_of(response), "AuthenticationFailed") << query;
    }
}

// Whether a request gets past the signature; what it asks for need not be there.
TEST_F(Authentication, BindsSignaturesOfSnapshotsAndVersionsToThem) {
    auto const is_refused = [this](std::string const& query) {
        return ask_anonymously({Verb::get, "/con/b?" + query}).status == 403;
    };
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kKey;
    options.container = "con";
    options.blob = "b";
    options.permissions = "r";
    options.expiry = clock_.now() + std::chrono::hours{1};
    auto of_snapshot = options;
    of_snapshot.snapshot = "2024-03-04T09:00:00.0000000Z";
    auto of_version = options;
    of_version.version_id = "2024-03-04T09:00:00.0000000Z";
    auto const snapshot_sas = azure::make_service_sas(of_snapshot);
    auto const version_sas = azure::make_service_sas(of_version);

    EXPECT_FALSE(is_refused("snapshot=2024-03-04T09:00:00.0000000Z&" + snapshot_sas));
    EXPECT_TRUE(is_refused("snapshot=2024-03-04T09:00:00.0000001Z&" + snapshot_sas));
    EXPECT_TRUE(is_refused("versionid=2024-03-04T09:00:00.0000000Z&" + snapshot_sas));
    EXPECT_TRUE(is_refused(snapshot_sas));
    EXPECT_FALSE(is_refused("versionid=2024-03-04T09:00:00.0000000Z&" + version_sas));
    EXPECT_TRUE(is_refused("versionid=2024-03-04T09:00:00.0000001Z&" + version_sas));
    EXPECT_TRUE(is_refused(version_sas));
    auto const both = "snapshot=2024-03-04T09:00:00.0000000Z&versionid=2024-03-04T09:00:00.0000000Z&";
    EXPECT_TRUE(is_refused(both + snapshot_sas));
    EXPECT_TRUE(is_refused(both + version_sas));
    of_snapshot.version = "2018-03-28";
    EXPECT_TRUE(is_refused("snapshot=2024-03-04T09:00:00.0000000Z&" + azure::make_service_sas(of_snapshot)));
}

TEST_F(Authentication, NamesTheHierarchyThatDirectoriesNeed) {
    for (auto const* const fields : {"sr=d&sdd=1", "sr=b&sdd=1"}) {
        auto const response = ask_anonymously(
            {Verb::get, std::string{"/con/b?sv=2020-02-10&sp=r&se=2030-01-01&sig=x&"} + fields}
        );
        EXPECT_EQ(code_of(response), "AuthenticationFailed");
        EXPECT_NE(
            detail_of(response, "AuthenticationErrorDetail").find("hierarchical namespace"), std::string::npos
        );
    }
}

TEST_F(Authentication, RefusesFieldsThatTheVersionDoesNotSign) {
    for (auto const* const fields :
         {"sv=2020-10-02&ses=x", "sv=2026-04-06&srh=x", "sv=2026-04-06&sduoid=x", "sv=2026-04-06&saoid=x"}) {
        auto const response =
            ask_anonymously({Verb::get, std::string{"/con/b?sr=b&sp=r&se=2030-01-01&sig=x&"} + fields});
        EXPECT_NE(detail_of(response, "AuthenticationErrorDetail").find("not well formed"), std::string::npos)
            << fields;
    }
}

TEST_F(Authentication, WritesInTheScopeOfASignature) {
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kKey;
    options.container = "con";
    options.permissions = "rw";
    options.expiry = clock_.now() + std::chrono::hours{1};
    options.encryption_scope = "scope1";
    auto const sas = azure::make_service_sas(options);
    auto const put = [&](http::Headers headers) {
        headers.set("x-ms-blob-type", "BlockBlob");
        return ask_anonymously({Verb::put, "/con/new?" + sas, std::move(headers), "x"});
    };

    EXPECT_EQ(status_with(sas), 200);
    auto const written = put({});
    EXPECT_EQ(written.status, 201);
    EXPECT_EQ(written.headers.get("x-ms-encryption-scope"), "scope1");
    EXPECT_EQ(put({{"x-ms-encryption-scope", "scope1"}}).status, 201);
    EXPECT_EQ(code_of(put({{"x-ms-encryption-scope", "scope2"}})), "AuthorizationFailure");
    auto const properties = ask({Verb::head, "/con/new"});
    EXPECT_EQ(properties.headers.get("x-ms-encryption-scope"), "scope1");
}

TEST_F(Authentication, AsksForThePermissionOfWhatADeletionDeletes) {
    auto const code = [this](std::string const& query, std::string const& permissions) {
        return code_of(ask_anonymously({Verb::remove, "/con/gone?" + query + service_sas(permissions)}));
    };
    std::string const refused = "AuthorizationPermissionMismatch";

    EXPECT_NE(code("", "d"), refused);
    EXPECT_EQ(code("", "xy"), refused);
    EXPECT_NE(code("versionid=2024-03-04T09:00:00.0000000Z&", "x"), refused);
    EXPECT_EQ(code("versionid=2024-03-04T09:00:00.0000000Z&", "d"), refused);
    EXPECT_EQ(code("versionid=&", "x"), refused);
    EXPECT_NE(code("deletetype=permanent&snapshot=2024-03-04T09:00:00.0000000Z&", "y"), refused);
    EXPECT_EQ(code("deletetype=permanent&snapshot=2024-03-04T09:00:00.0000000Z&", "dx"), refused);
}

TEST_F(Authentication, AsksForThePermissionOfTagsAndHolds) {
    auto const code = [this](char const* header, std::string const& permissions) {
        http::Headers const headers{{"x-ms-blob-type", "BlockBlob"}, {header, "x"}};
        return code_of(ask_anonymously({Verb::put, "/con/new?" + service_sas(permissions), headers, "x"}));
    };
    std::string const refused = "AuthorizationPermissionMismatch";

    EXPECT_EQ(code("x-ms-tags", "w"), refused);
    EXPECT_NE(code("x-ms-tags", "wt"), refused);
    EXPECT_EQ(code("x-ms-legal-hold", "wt"), refused);
    EXPECT_NE(code("x-ms-legal-hold", "wi"), refused);
}

TEST_F(Authentication, LetsTheCreatePermissionCreateOnly) {
    auto const put_with = [this](std::string const& permissions) {
        auto const sas = service_sas(permissions);
        return ask_anonymously(
            {Verb::put, "/con/new?" + sas, http::Headers{{"x-ms-blob-type", "BlockBlob"}}, "x"}
        );
    };

    EXPECT_EQ(put_with("c").status, 201);
    EXPECT_EQ(code_of(put_with("c")), "UnauthorizedBlobOverwrite");
    EXPECT_EQ(put_with("w").status, 201);
}

TEST_F(Authentication, TakesResponseHeadersFromTheSignature) {
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kKey;
    options.container = "con";
    options.blob = "b";
    options.permissions = "r";
    options.expiry = clock_.now() + std::chrono::hours{1};
    options.content_type = "text/x";
    options.content_disposition = "attachment; filename=b";

    auto const response = ask_anonymously({Verb::get, "/con/b?" + azure::make_service_sas(options)});

    EXPECT_EQ(response.headers.get("Content-Type"), "text/x");
    EXPECT_EQ(response.headers.get("Content-Disposition"), "attachment; filename=b");
}

// As the reference has it: what is signed is the path of the primary.
TEST_F(Authentication, AcceptsTheSecondarySignedAsThePrimary) {
    for (auto const scheme : {azure::SharedKeyScheme::shared_key, azure::SharedKeyScheme::shared_key_lite}) {
        for (auto const* const path : {"/acc/con/b", "/acc-secondary/con/b"}) {
            http::OutgoingRequest request;
            request.url = "http://127.0.0.1:10000/acc-secondary/con/b";
            request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};
            std::vector<http::QueryParameter> const query;
            auto const text = azure::shared_key_string_to_sign(
                {Verb::get, {}, path, query, request.headers, "acc"}, scheme
            );
            auto const* const name =
                scheme == azure::SharedKeyScheme::shared_key ? "SharedKey acc:" : "SharedKeyLite acc:";
            request.headers.set("Authorization", name + azure::sign_storage_text(kKey, text).value());
            EXPECT_EQ(http::ask(service_, request).status, 200) << path;
        }
    }
}

TEST_F(Authentication, AcceptsTheSecondaryForReadsOnly) {
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:10000/acc-secondary/con/b";
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};
    azure::sign_with_shared_key(Verb::get, "/acc-secondary/con/b", {}, request.headers, 0, {"acc", kKey});
    EXPECT_EQ(http::ask(service_, request).status, 200);

    request.verb = Verb::remove;
    azure::sign_with_shared_key(Verb::remove, "/acc-secondary/con/b", {}, request.headers, 0, {"acc", kKey});
    EXPECT_EQ(code_of(http::ask(service_, request)), "WriteOperationNotSupportedOnSecondary");
}

TEST_F(Authentication, TakesNoResponseHeadersThatTheVersionDoesNotSign) {
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kKey;
    options.container = "con";
    options.permissions = "r";
    options.version = "2012-02-12";
    options.expiry = clock_.now() + std::chrono::hours{1};
    auto const response =
        ask_anonymously({Verb::get, "/con/b?" + azure::make_service_sas(options) + "&rsct=text/html"});
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.headers.get("Content-Type"), "text/html");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
