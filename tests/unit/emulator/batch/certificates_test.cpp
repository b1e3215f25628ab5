#include "tests/support/certificates.hpp"

#include "emulator/batch/wire/certificate_path.hpp"
#include "emulator/domain/certificate.hpp"
#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using http::Verb;

class Certificates : public ServiceFixture {
protected:
    static inline std::string const kPath =
        "/certificates(thumbprintAlgorithm=sha1,thumbprint=" + std::string(tests::kThumbprint) + ")";

    static Json a_certificate() {
        return {
            {"thumbprint", tests::kThumbprint},
            {"thumbprintAlgorithm", "sha1"},
            {"data", tests::kCer},
            {"certificateFormat", "cer"}};
    }

    static Json a_pool_with_it(std::string id) {
        auto body = a_pool(std::move(id));
        body["certificateReferences"] = Json::array(
            {{{"thumbprint", tests::kThumbprint}, {"thumbprintAlgorithm", "sha1"}, {"visibility", {"Task"}}}}
        );
        return body;
    }

    void add() { ASSERT_EQ(post("/certificates", a_certificate()).status, 201); }
    void wait() { clock.advance(domain::kCertificateDeletion); }
    Json certificate() { return get(kPath).json(); }
};

// Batch: REST-1
TEST_F(Certificates, AreAdded) {
    auto const answer = post("/certificates", a_certificate());

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(
        answer.headers.get("Location"),
        "http://127.0.0.1:10003/certificates(ThumbprintAlgorithm=sha1,Thumbprint=" +
            std::string(tests::kThumbprint) + ")"
    );
    EXPECT_EQ(answer.headers.get("DataServiceId"), answer.headers.get("Location"));
    EXPECT_FALSE(answer.headers.has("ETag"));
    auto const again = post("/certificates", a_certificate());
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "CertificateExists");
}

TEST_F(Certificates, ShowWhatIsPublicOfThem) {
    add();
    auto const json = get(kPath).json();
    EXPECT_EQ(json["odata.metadata"], "http://127.0.0.1:10003/$metadata#certificates/@Element");
    EXPECT_EQ(json["thumbprint"], tests::kThumbprint);
    EXPECT_EQ(json["thumbprintAlgorithm"], "sha1");
    EXPECT_EQ(json["state"], "active");
    EXPECT_EQ(json["stateTransitionTime"], "2024-03-04T10:00:00Z");
    EXPECT_EQ(json["publicData"], tests::kCer);
    EXPECT_FALSE(json.contains("previousState"));
    EXPECT_EQ(get(kPath + "?$select=state").json().size(), 2U);
    EXPECT_EQ(get("/certificates?$filter=state%20eq%20'active'").json()["value"].size(), 1U);
    EXPECT_EQ(get("/certificates?$filter=state%20eq%20'deleting'").json()["value"].size(), 0U);
}

TEST_F(Certificates, AreFoundHoweverTheirKeysAreWritten) {
    add();
    auto const upper = "(ThumbprintAlgorithm='SHA1',Thumbprint='DE797E236F99BFA5A890FBED1B97B19705C7E6D8')";
    EXPECT_EQ(get("/certificates" + std::string(upper)).status, 200);
    EXPECT_EQ(
        get("/certificates%28thumbprintAlgorithm%3Dsha1%2Cthumbprint%3D" + std::string(tests::kThumbprint) +
            "%29")
            .status,
        200
    );
    EXPECT_EQ(get("/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)").code(), "CertificateNotFound");
    EXPECT_EQ(get("/certificates(thumbprint=ab)").code(), "ResourceNotFound");
    EXPECT_EQ(send(Verb::put, kPath).code(), "UnsupportedHttpVerb");
    EXPECT_EQ(get(kPath + "?api-version=2025-06-01").code(), "ResourceNotFound");
}

TEST_F(Certificates, ComeInPfxFiles) {
    auto body = a_certificate();
    body["data"] = tests::kPfx;
    body["certificateFormat"] = "Pfx";
    EXPECT_EQ(post("/certificates", body).value("Reason"), "The file does not open with this password");
    body["password"] = "secret";
    EXPECT_EQ(post("/certificates", body).status, 201);
    EXPECT_EQ(certificate()["publicData"], tests::kCer);
}

TEST_F(Certificates, AreWhatTheirThumbprintSays) {
    auto const with = [&](char const* name, Json value) {
        auto body = a_certificate();
        body[name] = std::move(value);
        return post("/certificates", body).value("PropertyName");
    };
    EXPECT_EQ(with("thumbprint", std::string(40, '0')), "thumbprint");
    EXPECT_EQ(with("thumbprintAlgorithm", "sha256"), "thumbprintAlgorithm");
    EXPECT_EQ(with("data", "not base64"), "data");
    EXPECT_EQ(with("data", "AAAA"), "data");
    EXPECT_EQ(with("data", std::string(20'000, 'A')), "data");
    EXPECT_EQ(with("password", "secret"), "password");
}

// Batch: CERT-2
TEST_F(Certificates, AreDeletedAfterAMoment) {
    add();

    EXPECT_EQ(remove(kPath).status, 202);

    EXPECT_EQ(certificate()["state"], "deleting");
    EXPECT_EQ(certificate()["previousState"], "active");
    EXPECT_EQ(remove(kPath).code(), "CertificateBeingDeleted");
    EXPECT_EQ(post("/certificates", a_certificate()).code(), "CertificateBeingDeleted");
    EXPECT_EQ(post(kPath + "/canceldelete").code(), "CertificateBeingDeleted");
    wait();
    EXPECT_EQ(get(kPath).code(), "CertificateNotFound");
    EXPECT_EQ(remove(kPath).code(), "CertificateNotFound");
}

// Batch: CERT-2
TEST_F(Certificates, StayWhileAPoolRefersToThem) {
    add();
    ASSERT_EQ(post("/pools", a_pool_with_it("pool")).status, 201);

    EXPECT_EQ(remove(kPath).status, 202);
    wait();

    auto const json = certificate();
    EXPECT_EQ(json["state"], "deletefailed");
    EXPECT_EQ(json["previousState"], "deleting");
    EXPECT_EQ(json["stateTransitionTime"], "2024-03-04T10:00:02Z");
    EXPECT_EQ(json["deleteCertificateError"]["values"][0]["value"], "pool");
    auto const cancelled = post(kPath + "/canceldelete");
    EXPECT_EQ(cancelled.status, 204);
    EXPECT_EQ(cancelled.headers.get("DataServiceId"), "http://127.0.0.1:10003" + kPath + "/canceldelete");
    EXPECT_EQ(certificate()["state"], "active");
    EXPECT_EQ(post(kPath + "/canceldelete").code(), "CertificateStateActive");
}

TEST_F(Certificates, CanBeDeletedOnceMoreWhenThatFailed) {
    add();
    ASSERT_EQ(post("/pools", a_pool_with_it("pool")).status, 201);
    ASSERT_EQ(remove(kPath).status, 202);
    wait();
    ASSERT_EQ(certificate()["state"], "deletefailed");
    {
        storage::Transaction transaction(database);
        storage::delete_pool(transaction, "pool");
        transaction.commit();
    }

    EXPECT_EQ(remove(kPath).status, 202);
    wait();
    EXPECT_EQ(get(kPath).status, 404);
}

TEST_F(Certificates, OfPoolsMustBeThere) {
    auto const refused = post("/pools", a_pool_with_it("pool"));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "InvalidCertificateReferences");
    EXPECT_EQ(
        refused.value("sha1-" + std::string(tests::kThumbprint)), "The specified certificate does not exist."
    );
    add();
    ASSERT_EQ(post("/pools", a_pool_with_it("pool")).status, 201);
    auto const pool = get("/pools/pool").json();
    EXPECT_EQ(pool["certificateReferences"][0]["thumbprint"], tests::kThumbprint);
    EXPECT_EQ(pool["certificateReferences"][0]["visibility"], Json::array({"task"}));
    ASSERT_EQ(remove(kPath).status, 202);
    EXPECT_EQ(post("/pools", a_pool_with_it("other")).code(), "InvalidCertificateReferences");
}

TEST_F(Certificates, OfPoolsAreReplaced) {
    add();
    ASSERT_EQ(post("/pools", a_pool("pool")).status, 201);
    Json const references = a_pool_with_it("pool")["certificateReferences"];
    auto const patched = send(Verb::patch, "/pools/pool", Json{{"certificateReferences", references}}.dump());
    ASSERT_EQ(patched.status, 200) << patched.text;
    EXPECT_EQ(get("/pools/pool").json()["certificateReferences"].size(), 1U);

    Json const none{
        {"certificateReferences", Json::array()},
        {"applicationPackageReferences", Json::array()},
        {"metadata", Json::array()}};
    ASSERT_EQ(post("/pools/pool/updateproperties", none).status, 204);
    EXPECT_EQ(get("/pools/pool").json()["certificateReferences"], Json::array());
}

TEST(CertificatePath, IsOneWithBothKeys) {
    auto const plain = &wire::plain_certificate_path;
    EXPECT_EQ(plain("/certificates(thumbprint=aB,thumbprintAlgorithm=sha1)"), "/certificates()/sha1/aB");
    EXPECT_EQ(plain("/Certificates(thumbprintAlgorithm='x', thumbprint='y')/z"), "/certificates()/x/y/z");
    for (auto const* path :
         {"/certificates",
          "/certificates()",
          "/certificates(thumbprint=a)",
          "/certificates(thumbprint=a,thumbprintAlgorithm=)",
          "/certificates(thumbprint=a/b,thumbprintAlgorithm=c)",
          "/certificates(thumbprint=a%2Fb,thumbprintAlgorithm=c)",
          "/certificates(thumbprint=a,thumbprintAlgorithm=b,more=c)",
          "certificates(thumbprint=a,thumbprintAlgorithm=b)"})
        EXPECT_FALSE(plain(path)) << path;
}

}  // namespace
}  // namespace bluebatch::emulator::batch
