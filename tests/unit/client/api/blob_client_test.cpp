#include "client/api/blob_client.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <fstream>
#include <iterator>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;
using tests::answer;
using tests::blob_error;
using tests::lost;

std::string read(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t count_entries(fs::path const& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

std::string md5_base64(std::string_view text) {
    auto const digest = base::md5(text);
    return base::to_base64(std::span(digest));
}

class BlobClientTest : public tests::PipelineTest {
protected:
    ApiResult<std::uint64_t> download() {
        return blob_.download("output", "a.mp3", folder_.path() / "a.mp3", [this](std::int64_t n) {
            counted_ += n;
        });
    }

    tests::TemporaryDirectory folder_;
    std::int64_t counted_ = 0;
    BlobClient blob_{pipeline_, "http://127.0.0.1:10000/devstoreaccount1"};
};

TEST_F(BlobClientTest, EncodesNamesButKeepsFolders) {
    EXPECT_EQ(
        blob_.blob_url("input", "a b/\xC3\xBC?#%.mp4"),
        "http://127.0.0.1:10000/devstoreaccount1/input/a%20b/%C3%BC%3F%23%25.mp4"
    );
}

TEST_F(BlobClientTest, CreatesAContainerMarkedWithTheRun) {
    client_.will(answer(201));

    auto const created = blob_.create_container("input", "run1");

    ASSERT_TRUE(created);
    EXPECT_EQ(*created, Created::now);
    EXPECT_EQ(client_.requests[0].headers.get("x-ms-meta-bluebatchrun"), "run1");
    EXPECT_EQ(client_.requests[0].url, "http://127.0.0.1:10000/devstoreaccount1/input?restype=container");
}

TEST_F(BlobClientTest, AContainerThatExistsIsTolerated) {
    client_.will(blob_error(409, "ContainerAlreadyExists"));
    EXPECT_EQ(*blob_.create_container("input", "run1"), Created::before);
}

TEST_F(BlobClientTest, AContainerMadeByALostAttemptIsOurs) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(blob_error(409, "ContainerAlreadyExists"));
    client_.will(answer(200, {}, {{"x-ms-meta-bluebatchrun", "run1"}}));
    EXPECT_EQ(*blob_.create_container("input", "run1"), Created::now);
}

TEST_F(BlobClientTest, EveryPageIsLookedThroughForBlobsOfOthers) {
    auto const page = [](std::string const& name, std::string const& next) {
        return answer(
            200,
            "<EnumerationResults><Blobs><Blob><Name>" + name + "</Name></Blob></Blobs><NextMarker>" + next +
                "</NextMarker></EnumerationResults>"
        );
    };
    client_.will(page("run1/a.mp4", "m&amp;1"));
    client_.will(page("run1/b.mp4", ""));
    EXPECT_FALSE(*blob_.has_blobs_outside("input", "run1/"));
    EXPECT_TRUE(client_.requests[0].url.ends_with("comp=list&include=uncommittedblobs"));
    EXPECT_TRUE(client_.requests[1].url.ends_with("&marker=m%261"));

    client_.will(page("run1/a.mp4", "m"));
    client_.will(page("run10/a.mp4", ""));
    EXPECT_TRUE(*blob_.has_blobs_outside("input", "run1/"));
}

TEST_F(BlobClientTest, AListThatCannotBeReadIsNoProofOfAFreeContainer) {
    client_.will(answer(200, "<html>"));
    EXPECT_TRUE(*blob_.has_blobs_outside("input", "run1/"));
    client_.will(blob_error(403, "AuthorizationPermissionMismatch"));
    EXPECT_FALSE(blob_.has_blobs_outside("input", "run1/"));
    client_.will(blob_error(404, "ContainerNotFound"));
    EXPECT_FALSE(*blob_.has_blobs_outside("input", "run1/"));
}

TEST_F(BlobClientTest, AContainerBeingDeletedIsAnError) {
    client_.will(blob_error(409, "ContainerBeingDeleted"));
    EXPECT_EQ(blob_.create_container("input", "run1").error().code, "ContainerBeingDeleted");
}

TEST_F(BlobClientTest, DownloadsToItsFinalName) {
    client_.will(answer(200, "sound", {{"Content-MD5", md5_base64("sound")}}));

    auto const size = download();

    ASSERT_TRUE(size);
    EXPECT_EQ(*size, 5U);
    EXPECT_EQ(counted_, 5);
    EXPECT_EQ(read(folder_.path() / "a.mp3"), "sound");
    EXPECT_EQ(count_entries(folder_.path()), 1U);
}

TEST_F(BlobClientTest, ADamagedDownloadLeavesNothing) {
    client_.will(answer(200, "noise", {{"Content-MD5", md5_base64("sound")}}));

    auto const size = download();

    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().fault, Fault::protocol);
    EXPECT_EQ(count_entries(folder_.path()), 0U);
}

TEST_F(BlobClientTest, AFailedDownloadKeepsWhatWasThere) {
    std::ofstream(folder_.path() / "a.mp3") << "older";
    client_.will(blob_error(404, "BlobNotFound"));

    EXPECT_FALSE(download());

    EXPECT_EQ(read(folder_.path() / "a.mp3"), "older");
    EXPECT_EQ(count_entries(folder_.path()), 1U);
}

// Gives half of the body before the connection is lost, once.
class CutOffClient final : public http::Client {
public:
    tests::Answer send(http::OutgoingRequest const&, http::BodySink const& sink, std::stop_token) override {
        std::string_view const body = "0123456789";
        bool const first = calls++ == 0;
        sink(std::as_bytes(std::span(body.substr(0, first ? 5 : 10))));
        if (first) return lost(http::TransportFault::interrupted);
        return answer(200);
    }
    int calls = 0;
};

TEST_F(BlobClientTest, ADownloadThatIsCutOffStartsOver) {
    CutOffClient cut_off;
    Pipeline const pipeline(cut_off, authorizer_, clock_, random_, waiter_);
    BlobClient const blob(pipeline, "http://127.0.0.1:10000/a");
    std::int64_t counted = 0;

    auto const size =
        blob.download("c", "b", folder_.path() / "b", [&counted](std::int64_t n) { counted += n; });

    ASSERT_TRUE(size);
    EXPECT_EQ(read(folder_.path() / "b"), "0123456789");
    EXPECT_EQ(counted, 10);
}

TEST_F(BlobClientTest, SaysWhereItCannotWrite) {
    auto const size = blob_.download("c", "b", folder_.path() / "missing" / "b", [](std::int64_t) {});
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().fault, Fault::local);
    EXPECT_NE(size.error().message.find("missing/b"), std::string::npos);
}

TEST_F(BlobClientTest, CommitsBlocksInOrder) {
    client_.will(answer(201));
    std::vector<std::string> const ids{"YQ==", "Yg=="};

    ASSERT_TRUE(blob_.put_block_list("c", "b", ids));

    auto const& body = std::get<std::string>(client_.requests[0].body);
    EXPECT_NE(
        body.find("<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>"), std::string::npos
    );
}

}  // namespace
}  // namespace bluebatch::client
