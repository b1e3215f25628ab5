#include "shared/azure/batch_error.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

TEST(BatchError, HasNameStatusAndMessageAsRecorded) {
    EXPECT_EQ(name_of(BatchErrorCode::pool_not_found), "PoolNotFound");
    EXPECT_EQ(status_of(BatchErrorCode::pool_not_found), 404);
    EXPECT_EQ(message_of(BatchErrorCode::pool_not_found), "The specified pool does not exist.");
    EXPECT_EQ(status_of(BatchErrorCode::request_body_too_large), 413);
    EXPECT_EQ(status_of(BatchErrorCode::missing_required_header), 400);
    EXPECT_EQ(status_of(BatchErrorCode::condition_not_met), 412);
}

TEST(BatchError, EveryMessageFitsAStatusLine) {
    for (int i = 0; i <= static_cast<int>(BatchErrorCode::unsupported_request_version); ++i) {
        auto const code = static_cast<BatchErrorCode>(i);
        EXPECT_TRUE(status_of(code) >= 400 || code == BatchErrorCode::not_modified);
        EXPECT_EQ(message_of(code).find_first_of("\r\n"), std::string_view::npos) << name_of(code);
        EXPECT_FALSE(message_of(code).empty());
    }
}

}  // namespace
}  // namespace bluebatch::azure
