#include "shared/azure/batch_error.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace bluebatch::azure {
namespace {

// Batch: REST-39
TEST(BatchError, HasNameStatusAndMessageAsRecorded) {
    EXPECT_EQ(name_of(BatchErrorCode::pool_not_found), "PoolNotFound");
    EXPECT_EQ(status_of(BatchErrorCode::pool_not_found), 404);
    EXPECT_EQ(message_of(BatchErrorCode::pool_not_found), "The specified pool does not exist.");
    EXPECT_EQ(status_of(BatchErrorCode::request_body_too_large), 413);
    EXPECT_EQ(status_of(BatchErrorCode::missing_required_header), 400);
    EXPECT_EQ(status_of(BatchErrorCode::condition_not_met), 412);
}

// Batch: REST-39
TEST(BatchError, HasTheStatusOfItsName) {
    std::map<int, std::set<std::string_view>> names;
    for (int i = 0; i <= static_cast<int>(BatchErrorCode::unsupported_request_version); ++i) {
        auto const code = static_cast<BatchErrorCode>(i);
        names[status_of(code)].insert(name_of(code));
    }

    for (auto const* name :
         {"InvalidQueryParameterValue",
          "InvalidRequestBody",
          "InvalidPropertyValue",
          "MissingRequiredProperty",
          "UnsupportedProperty",
          "UnsupportedRequestVersion",
          "AutoScalingFormulaSyntaxError",
          "TaskDependenciesNotSpecifiedOnJob"})
        EXPECT_TRUE(names[400].contains(name)) << name;
    EXPECT_TRUE(names[403].contains("AuthenticationFailed"));
    for (auto const* name :
         {"ResourceNotFound", "PoolNotFound", "NodeNotFound", "JobNotFound", "TaskNotFound", "FileNotFound"})
        EXPECT_TRUE(names[404].contains(name)) << name;
    EXPECT_EQ(names[405], (std::set<std::string_view>{"UnsupportedHttpVerb"}));
    for (auto const* name :
         {"PoolExists",
          "PoolBeingResized",
          "PoolBeingDeleted",
          "NodeStateUnusable",
          "OperationInvalidForCurrentState",
          "JobCompleted",
          "JobScheduleCompleted",
          "TaskSucceeded",
          "TaskFilesCleanedup",
          "CertificateExists",
          "NodeUserExists",
          "InvalidApplicationPackageReferences"})
        EXPECT_TRUE(names[409].contains(name)) << name;
    EXPECT_EQ(names[413], (std::set<std::string_view>{"RequestBodyTooLarge", "RequestEntityTooLarge"}));
    EXPECT_EQ(names[416], (std::set<std::string_view>{"InvalidRange"}));
    EXPECT_EQ(names[500], (std::set<std::string_view>{"InternalError", "OperationTimedOut"}));
    EXPECT_EQ(names[503], (std::set<std::string_view>{"ServerBusy", "TooManyEnableAutoScaleRequests"}));
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
