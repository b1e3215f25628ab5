#include "client/api/blob_client.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <gmock/gmock.h>

namespace bluebatch::client {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;
using tests::answer;
using tests::blob_error;
using tests::lost;

class BlobListsTest : public tests::PipelineTest {
protected:
    BlobClient blob_{pipeline_, "http://127.0.0.1:10000/devstoreaccount1"};
};

std::string page(std::string const& blobs, std::string const& marker = {}) {
    return "<EnumerationResults><Blobs>" + blobs + "</Blobs><NextMarker>" + marker +
           "</NextMarker></EnumerationResults>";
}

TEST_F(BlobListsTest, BlobsOfAllPagesWithTheirProperties) {
    client_.will(answer(
        200,
        page(
            "<Blob><Name>p/a</Name><Properties><Last-Modified>Sat, 21 Mar 2020 01:56:52 GMT</Last-Modified>"
            "<Etag>\"0x1\"</Etag><Content-Length>5</Content-Length><Content-Type>text/plain</Content-Type>"
            "<Content-MD5>md5</Content-MD5><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>"
            "</Properties></Blob>",
            "next &amp; on"
        )
    ));
    client_.will(answer(200, page("<BlobPrefix><Name>p/sub/</Name></BlobPrefix>")));

    auto const blobs = blob_.list_blobs("c", "p/", Depth::one_level);

    ASSERT_TRUE(blobs);
    ASSERT_EQ(blobs->size(), 2u);
    auto const& first = blobs->front();
    EXPECT_EQ(first.name, "p/a");
    EXPECT_EQ(first.size, 5u);
    EXPECT_EQ(first.content_md5, "md5");
    EXPECT_EQ(first.last_modified, base::parse_iso8601("2020-03-21T01:56:52Z"));
    EXPECT_FALSE(first.is_prefix);
    EXPECT_TRUE(blobs->back().is_prefix);
    EXPECT_THAT(
        client_.requests[0].url, EndsWith("/c?restype=container&comp=list&prefix=p%2F&delimiter=%2F")
    );
    EXPECT_THAT(client_.requests[1].url, EndsWith("&marker=next%20%26%20on"));
}

TEST_F(BlobListsTest, NamesThatXmlCannotCarryAreDecoded) {
    client_.will(answer(
        200,
        page("<Blob><Name Encoded=\"true\">a%1B%5B31m%FF</Name></Blob><Blob><Name>a%1B</Name></Blob>"
             "<BlobPrefix><Name Encoded=\"true\">%01%2F</Name></BlobPrefix>")
    ));
    auto const blobs = blob_.list_blobs("c", {}, Depth::one_level);
    ASSERT_TRUE(blobs);
    ASSERT_EQ(blobs->size(), 3u);
    EXPECT_EQ((*blobs)[0].name, "a\x1b[31m\xff");
    EXPECT_EQ((*blobs)[1].name, "a%1B");
    EXPECT_EQ((*blobs)[2].name, "\x01/");
}

TEST_F(BlobListsTest, WhatIsNoListIsRefused) {
    client_.will(answer(200, "<html>"));
    EXPECT_EQ(blob_.list_blobs("c").error().fault, Fault::protocol);
    client_.will(answer(200, page("", "m")));
    client_.will(answer(200, page("", "m")));
    EXPECT_EQ(blob_.list_blobs("c").error().fault, Fault::protocol);
}

TEST_F(BlobListsTest, Containers) {
    client_.will(answer(
        200,
        "<EnumerationResults><Containers><Container><Name>one</Name><Properties><LeaseState>available</"
        "LeaseState>"
        "<PublicAccess>blob</PublicAccess></Properties></Container></Containers><NextMarker/></"
        "EnumerationResults>"
    ));
    auto const containers = blob_.list_containers("o");
    ASSERT_TRUE(containers);
    ASSERT_EQ(containers->size(), 1u);
    EXPECT_EQ(containers->front().name, "one");
    EXPECT_EQ(containers->front().public_access, "blob");
    EXPECT_THAT(client_.requests[0].url, EndsWith("/devstoreaccount1/?comp=list&prefix=o"));
}

TEST_F(BlobListsTest, PropertiesOfABlobAreItsHeaders) {
    client_.will(answer(
        200,
        {},
        {{"Content-Length", "7"},
         {"x-ms-blob-type", "AppendBlob"},
         {"X-Ms-Meta-Team", "blue"},
         {"x-ms-copy-status", "pending"}}
    ));
    auto const found = blob_.blob_properties("c", "b");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->item.size, 7u);
    EXPECT_EQ(found->item.blob_type, "AppendBlob");
    EXPECT_EQ(found->copy_status, "pending");
    EXPECT_THAT(found->metadata, ElementsAre(Pair("Team", "blue")));
}

TEST_F(BlobListsTest, AContainerThatALostAttemptMadeIsMade) {
    client_.will(lost(http::TransportFault::interrupted));
    client_.will(blob_error(409, "ContainerAlreadyExists"));
    EXPECT_TRUE(blob_.add_container("c"));
    client_.will(blob_error(409, "ContainerAlreadyExists"));
    EXPECT_EQ(blob_.add_container("c").error().code, "ContainerAlreadyExists");
}

TEST_F(BlobListsTest, ReadsOnlyTheRange) {
    client_.will(answer(206, "cde"));
    EXPECT_EQ(blob_.read_range("c", "b", 2, 3).value(), "cde");
    EXPECT_EQ(client_.requests[0].headers.get("x-ms-range"), "bytes=2-4");
    client_.will(answer(200, "abcdefgh"));
    EXPECT_EQ(blob_.read_range("c", "b", 2, 3).error().fault, Fault::protocol);
}

TEST_F(BlobListsTest, BlobHeadersGoWithTheContent) {
    std::vector<std::string> const ids{"aWQ="};
    client_.will(answer(201));
    ASSERT_TRUE(blob_.put_block_list("c", "b", ids, {.content_type = "text/html", .content_md5 = "md5"}));
    EXPECT_EQ(client_.requests[0].headers.get("x-ms-blob-content-type"), "text/html");
    EXPECT_EQ(client_.requests[0].headers.get("x-ms-blob-content-md5"), "md5");
}

}  // namespace
}  // namespace bluebatch::client
