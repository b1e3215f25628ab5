#include "client/api/account_sas.hpp"
#include "client/api/clouds.hpp"

#include <gmock/gmock.h>

namespace bluebatch::client {
namespace {

using ::testing::HasSubstr;

std::string fault(std::string_view sas, std::string blob, std::string permissions) {
    SasRequest const request{
        "films", std::move(blob), std::move(permissions), *base::parse_iso8601("2030-01-01T12:00:00Z")};
    auto const checked = check_sas(sas, request);
    return checked ? std::string() : checked.error().message;
}

TEST(CheckSas, TakesWhatSuffices) {
    EXPECT_EQ(fault("sv=1&ss=bf&srt=sco&sp=rwdlc&se=2030-01-01T12%3A00%3A00Z&sig=x", "a", "r"), "");
    EXPECT_EQ(fault("sv=1&ss=b&srt=co&sp=rw&se=2031-01-01T12:00Z&sig=x", "", "w"), "");
    EXPECT_EQ(fault("sv=1&sr=c&sp=rw&se=2031-01-01&sig=x", "", "w"), "");
    EXPECT_EQ(fault("sv=1&sr=b&sp=r&se=2031-01-01&sig=x", "a", "r"), "");
}

TEST(CheckSas, LeavesAPolicyToTheService) {
    EXPECT_EQ(fault("sv=1&sr=c&si=mine&sig=x", "", "w"), "");
}

TEST(CheckSas, SaysWhatIsMissing) {
    auto const good = std::string("&se=2031-01-01&sig=SECRET");
    EXPECT_THAT(fault("ss=b&srt=co&sp=r" + good, "", "w"), HasSubstr("does not allow 'w' (sp)"));
    EXPECT_THAT(fault("ss=b&srt=c&sp=rw" + good, "a", "r"), HasSubstr("srt=o"));
    EXPECT_THAT(fault("ss=f&srt=sco&sp=rw" + good, "a", "r"), HasSubstr("(ss)"));
    EXPECT_THAT(fault("sr=b&sp=rw" + good, "", "w"), HasSubstr("one blob only"));
    EXPECT_THAT(fault("sr=c&sp=rw&sip=10.0.0.1" + good, "", "w"), HasSubstr("sip"));
    EXPECT_THAT(fault("sr=c&sp=rw&sig=x", "", "w"), HasSubstr("when it expires"));
    auto const early = fault("sr=c&sp=rw&se=2029-01-01T00%3A00%3A00Z&sig=SECRET", "a", "r");
    EXPECT_THAT(
        early, HasSubstr("expires at 2029-01-01T00:00:00Z, and is needed until 2030-01-01T12:00:00Z")
    );
    EXPECT_THAT(early, HasSubstr("films/a"));
    EXPECT_THAT(early, testing::Not(HasSubstr("SECRET")));
}

TEST(Clouds, AreKnownByTheirNames) {
    EXPECT_EQ(find_cloud("AzureUSGovernment")->name, "usgov");
    EXPECT_EQ(find_cloud("China")->batch_resource, "https://batch.chinacloudapi.cn/");
    EXPECT_EQ(find_cloud("AzureCloud"), &public_cloud());
    EXPECT_EQ(find_cloud("germany"), nullptr);
}

TEST(Clouds, AreKnownByTheHostsOfEndpoints) {
    EXPECT_EQ(cloud_of_endpoint("https://a.usgovvirginia.batch.usgovcloudapi.net")->name, "usgov");
    EXPECT_EQ(cloud_of_endpoint("a.BLOB.core.chinacloudapi.cn:443/x")->name, "china");
    EXPECT_EQ(cloud_of_endpoint("https://a.westeurope.batch.azure.com/"), &public_cloud());
    EXPECT_EQ(cloud_of_endpoint("https://evilbatch.azure.com.example"), nullptr);
    EXPECT_EQ(cloud_of_endpoint("https://notbatch.azure.com"), nullptr);
    EXPECT_EQ(cloud_of_endpoint("http://127.0.0.1:10003"), nullptr);
    EXPECT_EQ(blob_endpoint_of("mine", *find_cloud("usgov")), "https://mine.blob.core.usgovcloudapi.net");
}

}  // namespace
}  // namespace bluebatch::client
