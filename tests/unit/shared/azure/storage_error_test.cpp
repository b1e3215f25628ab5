#include "shared/azure/storage_error.hpp"

#include "shared/codec/xml.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

TEST(StorageErrors, HaveAStatusAndAMessageEach) {
    for (int i = 0; i < static_cast<int>(StorageErrorCode::count_); ++i) {
        auto const& row = row_of(static_cast<StorageErrorCode>(i));
        EXPECT_GE(row.status, 304) << row.name;
        EXPECT_LE(row.status, 507) << row.name;
        EXPECT_FALSE(row.message.empty()) << row.name;
    }
}

TEST(StorageErrors, AreWrittenAsTheServiceWritesThem) {
    auto const document = to_xml(invalid_header("x-ms-range", "a<b"), "id", "now");

    auto const root = codec::parse_xml(document);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->name, "Error");
    EXPECT_EQ(root->find("Code")->text, "InvalidHeaderValue");
    EXPECT_EQ(
        root->find("Message")->text,
        "The value for one of the HTTP headers is not in the correct format.\nRequestId:id\nTime:now"
    );
    EXPECT_EQ(root->find("HeaderName")->text, "x-ms-range");
    EXPECT_EQ(root->find("HeaderValue")->text, "a<b");
}

TEST(StorageErrors, NameWhatIsNotImplemented) {
    auto const error = not_implemented("Snapshot Blob");

    EXPECT_EQ(error.status(), 501);
    EXPECT_NE(to_xml(error, "", "").find("Snapshot Blob"), std::string::npos);
}

}  // namespace
}  // namespace bluebatch::azure
