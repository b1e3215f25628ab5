#include "shared/base/certificate_authority.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/x509.hpp"
#include "tests/support/certificates.hpp"

#include <gmock/gmock.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace bluebatch::base {
namespace {

using testing::HasSubstr;

TimePoint const kNow = *parse_iso8601("2026-11-22T12:00:00Z");

CertificateAuthority make_authority() {
    return CertificateAuthority::make(
        {.domains = {"localhost", "blob.core.windows.net"}, .addresses = {"127.0.0.0/255.0.0.0", "::1"}}, kNow
    );
}

// What a client finds that trusts only `authority`, at `time`.
int verification_of(
    CertifiedKey const& shown,
    CertificateAuthority const& authority,
    TimePoint time,
    unsigned long flags = X509_V_FLAG_X509_STRICT
) {
    auto const own = parse_certified_key(authority.certificate_pem(), authority.private_key_pem());
    auto* const trusted = X509_STORE_new();
    X509_STORE_add_cert(trusted, own->certificate());
    auto* const check = X509_STORE_CTX_new();
    X509_STORE_CTX_init(check, trusted, shown.certificate(), nullptr);
    X509_STORE_CTX_set_purpose(check, X509_PURPOSE_SSL_SERVER);
    X509_STORE_CTX_set_flags(check, flags);
    X509_STORE_CTX_set_time(
        check, 0, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()
    );
    X509_verify_cert(check);
    int const result = X509_STORE_CTX_get_error(check);
    X509_STORE_CTX_free(check);
    X509_STORE_free(trusted);
    return result;
}

TEST(CertificateAuthorities, CertifyHostsForClientsThatTrustThem) {
    auto const authority = make_authority();
    auto const shown = authority.issue({"localhost", "127.0.0.1", "::1"}, kNow);
    ASSERT_TRUE(shown) << shown.error().message;
    EXPECT_EQ(verification_of(*shown, authority, kNow), X509_V_OK);
    EXPECT_EQ(verification_of(*shown, make_authority(), kNow), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    for (auto const* const host : {"localhost", "127.0.0.1", "::1"})
        EXPECT_TRUE(shown->names(host)) << host;
    for (auto const* const host : {"other.localhost", "127.0.0.2", "::2", ""})
        EXPECT_FALSE(shown->names(host)) << host;
}

TEST(CertificateAuthorities, CertifyNothingBeyondTheirConstraints) {
    auto const authority = make_authority();
    for (auto const* const host : {"a.blob.core.windows.net", "x.y.localhost", "127.9.9.9", "::1"})
        EXPECT_TRUE(authority.issue({host}, kNow)) << host;
    for (auto const* const host :
         {"example.org", "windows.net", "evilblob.core.windows.net", "10.0.0.1", "::2"})
        EXPECT_FALSE(authority.issue({host}, kNow)) << host;
    EXPECT_FALSE(authority.issue({"localhost", "example.org"}, kNow));
}

TEST(CertificateAuthorities, TakeNoHostsThatAreNone) {
    auto const authority = make_authority();
    for (auto const* const host : {"", "a,DNS:example.org", "a\nb", "a;b", "*", "a b.localhost"})
        EXPECT_FALSE(authority.issue({host}, kNow)) << host;
    EXPECT_THROW(CertificateAuthority::make({.domains = {"a,permitted;DNS:b"}}, kNow), std::invalid_argument);
    EXPECT_THROW(CertificateAuthority::make({.addresses = {"1.2.3.4,x"}}, kNow), std::invalid_argument);
}

// Clients enforce the constraints, too: a certificate that somebody makes with a stolen key is of no use.
TEST(CertificateAuthorities, HaveConstraintsThatClientsEnforce) {
    auto const authority = make_authority();
    auto const narrow =
        CertificateAuthority::make({.domains = {"localhost"}, .addresses = {"127.0.0.1"}}, kNow);
    auto const own = parse_certified_key(narrow.certificate_pem(), narrow.private_key_pem());
    auto const shown = authority.issue({"a.blob.core.windows.net"}, kNow);
    // The same certificate, signed by the key of the narrow authority.
    auto* const forged = X509_dup(shown->certificate());
    X509_set_issuer_name(forged, X509_get_subject_name(own->certificate()));
    X509_EXTENSION_free(X509_delete_ext(forged, X509_get_ext_by_NID(forged, NID_authority_key_identifier, -1))
    );
    X509_sign(forged, own->key(), EVP_sha256());
    EXPECT_EQ(
        verification_of(CertifiedKey(forged, nullptr, nullptr), narrow, kNow, 0),
        X509_V_ERR_PERMITTED_VIOLATION
    );
}

TEST(CertificateAuthorities, CertifyForNoLongerThanClientsTake) {
    auto const authority = make_authority();
    auto const shown = authority.issue({"localhost"}, kNow);
    EXPECT_EQ(authority.expires(), kNow + CertificateAuthority::kLifetime);
    EXPECT_LE(shown->expires() - kNow + std::chrono::days(1), CertificateAuthority::kLongestOfServer);
    EXPECT_GT(shown->expires() - kNow, std::chrono::days(390));
    EXPECT_EQ(verification_of(*shown, authority, kNow - std::chrono::hours(23)), X509_V_OK);
    EXPECT_EQ(
        verification_of(*shown, authority, kNow - std::chrono::hours(25)), X509_V_ERR_CERT_NOT_YET_VALID
    );
    EXPECT_EQ(
        verification_of(*shown, authority, shown->expires() + std::chrono::seconds(1)),
        X509_V_ERR_CERT_HAS_EXPIRED
    );
    auto const late = authority.expires() - std::chrono::days(5);
    EXPECT_EQ(authority.issue({"localhost"}, late)->expires(), authority.expires());
}

TEST(CertificateAuthorities, AreReadBack) {
    auto const authority = make_authority();
    auto const again = CertificateAuthority::parse(authority.certificate_pem(), authority.private_key_pem());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->certificate_pem(), authority.certificate_pem());
    EXPECT_EQ(verification_of(*again->issue({"localhost"}, kNow), authority, kNow), X509_V_OK);
    EXPECT_FALSE(CertificateAuthority::parse(authority.certificate_pem(), make_authority().private_key_pem())
    );
    EXPECT_FALSE(CertificateAuthority::parse({}, {}));
    // A server's certificate makes no authority.
    auto const shown = authority.issue({"localhost"}, kNow);
    EXPECT_FALSE(CertificateAuthority::parse(certificates_to_pem(*shown), private_key_to_pem(*shown)));
}

TEST(CertifiedKeys, AreReadFromPemWithTheirChain) {
    auto const authority = make_authority();
    auto const shown = authority.issue({"localhost"}, kNow);
    auto const read = parse_certified_key(
        certificates_to_pem(*shown) + authority.certificate_pem(), private_key_to_pem(*shown)
    );
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->names("localhost"));
    EXPECT_EQ(certificates_to_pem(*read), certificates_to_pem(*shown) + authority.certificate_pem());
}

TEST(CertifiedKeys, SayWhatIsWrongWithThem) {
    auto const authority = make_authority();
    auto const certificate = authority.certificate_pem();
    auto const key = authority.private_key_pem();
    auto const fault_of = [](std::string const& certificates, std::string const& private_key) {
        auto const read = parse_certified_key(certificates, private_key);
        return read ? std::string() : read.error().message;
    };
    EXPECT_EQ(fault_of(certificate, key), "");
    EXPECT_THAT(fault_of("text", key), HasSubstr("no certificate"));
    EXPECT_THAT(fault_of(certificate, "text"), HasSubstr("no private key"));
    EXPECT_THAT(fault_of(certificate, make_authority().private_key_pem()), HasSubstr("not that of"));
    auto damaged = certificate;
    damaged.replace(100, 4, "!!!!");
    EXPECT_THAT(fault_of(damaged, key), HasSubstr("damaged"));
    std::string many;
    for (int i = 0; i < 20; ++i)
        many += certificate;
    EXPECT_THAT(fault_of(many, key), HasSubstr("too many"));
}

TEST(CertifiedKeys, AreReadFromPkcs12) {
    for (auto const base64 : {tests::kPfx, tests::kOldPfx}) {
        auto const bytes = parse_base64(base64).value();
        auto const read = parse_certified_pkcs12(bytes, "secret");
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(parse_certificate(certificates_to_pem(*read))->sha1, tests::kThumbprint);
        EXPECT_FALSE(parse_certified_pkcs12(bytes, "wrong"));
    }
    // One without a key, and none at all.
    EXPECT_FALSE(parse_certified_pkcs12(parse_base64(tests::kPlainPfx).value(), "secret"));
    EXPECT_FALSE(parse_certified_pkcs12("text", "secret"));
}

}  // namespace
}  // namespace bluebatch::base
