#include "client/api/blob_client.hpp"

#include "tests/unit/client/scripted_client.hpp"

namespace bluebatch::client {
namespace {

using tests::answer;
using tests::blob_error;
using tests::lost;

class BlobClientTest : public tests::PipelineTest {
protected:
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
