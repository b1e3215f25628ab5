#include "emulator/node/resource_files.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/fake_blobs.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace bluebatch::emulator::node {
namespace {

class FetchResourceFiles : public testing::Test {
protected:
    std::optional<domain::FailureInfo> fetch(std::vector<domain::ResourceFile> const& files) {
        return fetch_resource_files(blobs_, auto_storage_, identities_, files, folder_, stop_.get_token());
    }
    static domain::ResourceFile from_url(std::string url, std::string path, std::string mode = {}) {
        domain::ResourceFile file;
        file.http_url = std::move(url);
        file.file_path = std::move(path);
        file.file_mode = std::move(mode);
        return file;
    }
    std::string content(std::string const& name) const {
        std::ifstream stream(folder_ / name);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    unsigned mode(std::string const& name) const {
        struct stat information {};
        ::stat((folder_ / name).c_str(), &information);
        return information.st_mode & 07777U;
    }

    tests::TemporaryDirectory directory_;
    // So that what lies beside it is the test's own too.
    std::filesystem::path const folder_ = directory_.path() / "wd";
    FakeBlobs blobs_;
    AutoStorage auto_storage_;
    IdentityAccess identities_;
    std::stop_source stop_;
};

TEST_F(FetchResourceFiles, BringsAFileToItsPathMakingFolders) {
    blobs_.content["http://host/in/a.txt?sig=x"] = "alpha";

    EXPECT_FALSE(fetch({from_url("http://host/in/a.txt?sig=x", "data/sub/a.txt")}));

    EXPECT_EQ(content("data/sub/a.txt"), "alpha");
    EXPECT_EQ(mode("data/sub/a.txt"), 0770U);
}

TEST_F(FetchResourceFiles, FileModeIsOctal) {
    blobs_.content["http://host/a"] = "x";

    EXPECT_FALSE(fetch({from_url("http://host/a", "a", "0640")}));

    EXPECT_EQ(mode("a"), 0640U);
}

TEST_F(FetchResourceFiles, AMissingBlobIsNamedWithoutItsSignature) {
    auto const failure = fetch({from_url("http://host/in/none?sig=secret", "a")});

    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "BlobNotFound");
    EXPECT_EQ(failure->category, domain::ErrorCategory::user_error);
    std::vector<domain::NameValue> const details{{"BlobSource", "http://host/in/none"}, {"FilePath", "a"}};
    EXPECT_EQ(failure->details, details);
}

struct FetchFaultCase {
    TransferFault fault;
    char const* code;
    domain::ErrorCategory category;
};
class FetchFaults : public FetchResourceFiles, public testing::WithParamInterface<FetchFaultCase> {};

TEST_P(FetchFaults, HaveTheCodesOfTheService) {
    blobs_.fault = TransferError{GetParam().fault, "why"};

    auto const failure = fetch({from_url("http://host/a", "a")});

    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, GetParam().code);
    EXPECT_EQ(failure->category, GetParam().category);
}

INSTANTIATE_TEST_SUITE_P(
    Codes,
    FetchFaults,
    testing::Values(
        FetchFaultCase{TransferFault::not_found, "BlobNotFound", domain::ErrorCategory::user_error},
        FetchFaultCase{TransferFault::access_denied, "BlobAccessDenied", domain::ErrorCategory::user_error},
        FetchFaultCase{TransferFault::timed_out, "BlobDownloadTimedOut", domain::ErrorCategory::server_error},
        FetchFaultCase{TransferFault::disk_full, "DiskFull", domain::ErrorCategory::server_error},
        FetchFaultCase{
            TransferFault::local_file, "ResourceFileWriteFailed", domain::ErrorCategory::server_error},
        FetchFaultCase{TransferFault::other, "BlobDownloadMiscError", domain::ErrorCategory::server_error}
    )
);

TEST_F(FetchResourceFiles, AContainerKeepsItsFolders) {
    blobs_.lists["http://host/c?sas"] = {"a.txt", "sub/b c.txt", "sub/"};
    blobs_.content["http://host/c/a.txt?sas"] = "a";
    blobs_.content["http://host/c/sub/b%20c.txt?sas"] = "b";
    domain::ResourceFile file;
    file.storage_container_url = "http://host/c?sas";
    file.file_path = "into";

    EXPECT_FALSE(fetch({file}));

    EXPECT_EQ(content("into/a.txt"), "a");
    EXPECT_EQ(content("into/sub/b c.txt"), "b");
}

TEST_F(FetchResourceFiles, APrefixSelectsAndIsNotCutOff) {
    blobs_.lists["http://host/c?sas"] = {"img/1", "img/2", "other"};
    blobs_.content["http://host/c/img/1?sas"] = "1";
    blobs_.content["http://host/c/img/2?sas"] = "2";
    domain::ResourceFile file;
    file.storage_container_url = "http://host/c?sas";
    file.blob_prefix = "im";

    EXPECT_FALSE(fetch({file}));

    EXPECT_EQ(content("img/2"), "2");
}

TEST_F(FetchResourceFiles, AContainerWithoutAccessSaysSo) {
    blobs_.fault = TransferError{TransferFault::access_denied, ""};
    domain::ResourceFile file;
    file.storage_container_url = "http://host/c";

    EXPECT_EQ(fetch({file})->code, "ResourceContainerAccessDenied");
}

TEST_F(FetchResourceFiles, AutoStorageIsTheAccountsOwn) {
    auto_storage_ = [](std::string const& name) { return "http://host/" + name + "?sas"; };
    blobs_.lists["http://host/linked?sas"] = {"a"};
    blobs_.content["http://host/linked/a?sas"] = "linked";
    domain::ResourceFile file;
    file.auto_storage_container_name = "linked";

    EXPECT_FALSE(fetch({file}));

    EXPECT_EQ(content("a"), "linked");
}

// RES-7
TEST_F(FetchResourceFiles, AnIdentityOpensBlobsAndContainers) {
    identities_ = [](std::string const& url, std::string const& identity) -> TransferResult<std::string> {
        if (identity != "/known") return TransferError{TransferFault::access_denied, "not " + identity};
        return url + "?sig=own";
    };
    blobs_.content["http://host/in/a.txt?sig=own"] = "alpha";
    blobs_.lists["http://host/in?sig=own"] = {"a.txt"};
    auto blob = from_url("http://host/in/a.txt", "one.txt");
    blob.identity = "/known";
    domain::ResourceFile container;
    container.storage_container_url = "http://host/in";
    container.file_path = "two";
    container.identity = "/known";

    EXPECT_FALSE(fetch({blob, container}));

    EXPECT_EQ(content("one.txt"), "alpha");
    EXPECT_EQ(content("two/a.txt"), "alpha");

    blob.identity = container.identity = "/unknown";
    auto const failure = fetch({blob});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "BlobAccessDenied");
    EXPECT_EQ(failure->details.back(), (domain::NameValue{"Message", "not /unknown"}));
    EXPECT_EQ(fetch({container})->code, "ResourceContainerAccessDenied");
    identities_ = {};
    EXPECT_EQ(fetch({blob})->code, "BlobAccessDenied");
}

TEST_F(FetchResourceFiles, NoPathLeadsOutOfTheFolder) {
    blobs_.content["http://host/a"] = "x";
    for (auto const* path : {"../a", "/etc/a", "sub/../../a", "..", "", "."})
        EXPECT_TRUE(fetch({from_url("http://host/a", path)})) << path;
    blobs_.lists["http://host/c"] = {"../../evil"};
    blobs_.content["http://host/c/../../evil"] = "x";
    domain::ResourceFile file;
    file.storage_container_url = "http://host/c";
    EXPECT_TRUE(fetch({file}));

    EXPECT_FALSE(std::filesystem::exists(directory_.path() / "a"));
    EXPECT_FALSE(fetch({from_url("http://host/a", "sub/../a")}));
}

TEST_F(FetchResourceFiles, AStopIsNoFailure) {
    stop_.request_stop();

    EXPECT_FALSE(fetch({from_url("http://host/none", "a")}));
}

}  // namespace
}  // namespace bluebatch::emulator::node
