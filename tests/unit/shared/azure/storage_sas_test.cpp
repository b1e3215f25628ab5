#include "shared/azure/storage_sas.hpp"

#include "shared/azure/storage_shared_key.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

constexpr std::string_view kSasAccount = "devstoreaccount1";
constexpr std::string_view kSasKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

std::vector<http::QueryParameter> parse(std::string const& query) {
    http::RequestHead head;
    EXPECT_TRUE(http::parse_target("/?" + query, head));
    return head.query;
}

SharedAccessSignature read(std::string const& query) {
    return read_shared_access_signature(parse(query)).value();
}

// Made by azure-storage-blob 12.15 for Python.
constexpr auto* kBlobSas =
    "st=2020-01-02T03%3A04%3A05Z&se=2030-01-02T03%3A04%3A05Z&sp=r&sip=127.0.0.1&spr=https%2Chttp&sv=2021-12-"
    "02"
    "&sr=b&rsct=video/mp4&sig=5paJjitAz9zK0/uRPRcaiM0uEw/tBnf8dZzgMYAXOUc%3D";
constexpr auto* kContainerSas =
    "se=2030-01-02T03%3A04%3A05Z&sp=rl&sv=2021-12-02&sr=c&sig=Bow9MsttFrsgvLM%2B3SDWDMPt6gNe7oZ6G3QSzlLBbG4%"
    "3D";
constexpr auto* kAccountSas =
    "se=2030-01-02T03%3A04%3A05Z&sp=rl&sv=2021-12-02&ss=b&srt=sco&sig=XQKOl7/"
    "e%2BMZLYxY1VkoeZkF2Gdn2oAfxCxRrtOS"
    "ksWE%3D";

TEST(SharedAccessSignatures, OfTheSdkAreVerified) {
    EXPECT_TRUE(is_signed_by(read(kBlobSas), {kSasAccount, "input", "dir/über file.mp4", {}}, kSasKey));
    EXPECT_TRUE(is_signed_by(read(kContainerSas), {kSasAccount, "input", "any", {}}, kSasKey));
    EXPECT_TRUE(is_signed_by(read(kAccountSas), {kSasAccount, "input", "any", {}}, kSasKey));
}

TEST(SharedAccessSignatures, AreBoundToWhatTheyName) {
    EXPECT_FALSE(is_signed_by(read(kBlobSas), {kSasAccount, "input", "dir/other.mp4", {}}, kSasKey));
    EXPECT_FALSE(is_signed_by(read(kBlobSas), {kSasAccount, "output", "dir/über file.mp4", {}}, kSasKey));
    EXPECT_FALSE(is_signed_by(read(kContainerSas), {"other", "input", "", {}}, kSasKey));
    EXPECT_FALSE(is_signed_by(read(kAccountSas), {"other", "", "", {}}, kSasKey));
    EXPECT_FALSE(is_signed_by(read(kContainerSas), {kSasAccount, "input", "", {}}, "b3RoZXI="));
}

TEST(SharedAccessSignatures, BreakWhenAFieldIsChanged) {
    auto widened = read(kContainerSas);
    widened.permissions = "rwdl";

    EXPECT_FALSE(is_signed_by(widened, {kSasAccount, "input", "", {}}, kSasKey));
}

TEST(MakeServiceSas, MakesWhatTheSdkMakes) {
    ServiceSasOptions options;
    options.account = kSasAccount;
    options.key_base64 = kSasKey;
    options.container = "input";
    options.blob = "dir/über file.mp4";
    options.permissions = "r";
    options.start = base::parse_iso8601("2020-01-02T03:04:05Z");
    options.expiry = base::parse_iso8601("2030-01-02T03:04:05Z");
    options.protocol = "https,http";
    options.ip = "127.0.0.1";
    options.content_type = "video/mp4";

    EXPECT_EQ(read(make_service_sas(options)).signature, read(kBlobSas).signature);
}

TEST(MakeAccountSas, MakesWhatTheSdkMakes) {
    AccountSasOptions options;
    options.account = kSasAccount;
    options.key_base64 = kSasKey;
    options.permissions = "rl";
    options.expiry = base::parse_iso8601("2030-01-02T03:04:05Z").value();

    EXPECT_EQ(read(make_account_sas(options)).signature, read(kAccountSas).signature);
}

// They are no part of what it signs.
TEST(AccountSas, CannotSetHeadersOfTheAnswer) {
    EXPECT_EQ(read(std::string(kAccountSas) + "&rsct=text/html&rscd=attachment").content_type, "");
    EXPECT_EQ(read(std::string(kAccountSas) + "&rsct=text/html&rscd=attachment").content_disposition, "");
    EXPECT_EQ(read(kBlobSas).content_type, "video/mp4");
}

TEST(MakeServiceSas, OfAnIdentifierNeedsNoOtherField) {
    ServiceSasOptions options;
    options.account = kSasAccount;
    options.key_base64 = kSasKey;
    options.container = "input";
    options.identifier = "readers";

    auto const sas = read(make_service_sas(options));

    EXPECT_EQ(sas.identifier, "readers");
    EXPECT_EQ(sas.expiry, "");
    EXPECT_TRUE(is_signed_by(sas, {kSasAccount, "input", "", {}}, kSasKey));
}

TEST(ServiceSasStringToSign, HasTheLinesOfItsVersion) {
    SharedAccessSignature sas;
    sas.permissions = "r";
    sas.start = "st";
    sas.expiry = "se";
    sas.resource = "b";
    sas.ip = "ip";
    sas.protocol = "https";
    sas.content_type = "type";
    SasSubject const subject{"a", "c", "b", {}};
    auto const text = [&](std::string_view version) {
        sas.version = version;
        return service_sas_string_to_sign(sas, subject);
    };

    EXPECT_EQ(text("2012-02-12"), "r\nst\nse\n/a/c/b\n\n2012-02-12");
    EXPECT_EQ(text("2013-08-15"), "r\nst\nse\n/a/c/b\n\n2013-08-15\n\n\n\n\ntype");
    EXPECT_EQ(text("2015-02-21"), "r\nst\nse\n/blob/a/c/b\n\n2015-02-21\n\n\n\n\ntype");
    EXPECT_EQ(text("2015-04-05"), "r\nst\nse\n/blob/a/c/b\n\nip\nhttps\n2015-04-05\n\n\n\n\ntype");
    EXPECT_EQ(text("2018-11-09"), "r\nst\nse\n/blob/a/c/b\n\nip\nhttps\n2018-11-09\nb\n\n\n\n\n\ntype");
    EXPECT_EQ(text("2020-12-06"), "r\nst\nse\n/blob/a/c/b\n\nip\nhttps\n2020-12-06\nb\n\n\n\n\n\n\ntype");
}

TEST(ReadSharedAccessSignature, IsNothingWithoutASignature) {
    EXPECT_FALSE(read_shared_access_signature(parse("comp=list&sv=2020-12-06")));
}

TEST(ReadSharedAccessSignature, TellsTheKinds) {
    EXPECT_EQ(read("sig=x&sr=c").kind, SasKind::service);
    EXPECT_EQ(read("sig=x&ss=b&srt=s").kind, SasKind::account);
    EXPECT_EQ(read("sig=x&sr=c&skoid=1").kind, SasKind::user_delegation);
}

TEST(ParseSasTime, AcceptsEveryFormOfTheService) {
    auto const expected = base::parse_iso8601("2020-01-02T03:04:00Z");

    EXPECT_EQ(parse_sas_time("2020-01-02T03:04:00Z"), expected);
    EXPECT_EQ(parse_sas_time("2020-01-02T03:04Z"), expected);
    EXPECT_EQ(parse_sas_time("2020-01-02T03:04:00.0000000Z"), expected);
    EXPECT_EQ(parse_sas_time("2020-01-02"), base::parse_iso8601("2020-01-02T00:00:00Z"));
    EXPECT_FALSE(parse_sas_time("tomorrow"));
    EXPECT_FALSE(parse_sas_time(""));
}

TEST(IsAddressAllowed, KnowsAddressesAndRanges) {
    EXPECT_TRUE(is_address_allowed("10.0.0.1", "10.0.0.1"));
    EXPECT_TRUE(is_address_allowed("10.0.0.1-10.0.1.0", "10.0.0.255"));
    EXPECT_TRUE(is_address_allowed("10.0.0.1", "::ffff:10.0.0.1"));
    EXPECT_FALSE(is_address_allowed("10.0.0.1", "10.0.0.2"));
    EXPECT_FALSE(is_address_allowed("10.0.0.1-10.0.1.0", "10.0.1.1"));
    EXPECT_FALSE(is_address_allowed("10.0.0.1-", "10.0.0.1"));
    EXPECT_FALSE(is_address_allowed("nonsense", "10.0.0.1"));
    EXPECT_FALSE(is_address_allowed("10.0.0.1", "::1"));
}

}  // namespace
}  // namespace bluebatch::azure
