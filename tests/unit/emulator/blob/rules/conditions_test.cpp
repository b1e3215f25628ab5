#include "emulator/blob/rules/conditions.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;

Entity entity() {
    auto const time = base::parse_iso8601("2024-03-04T10:00:00.5Z").value();
    return {time, time};
}

std::string tag() {
    return '"' + base::to_etag(entity().etag) + '"';
}

base::TimePoint second(int offset) {
    return base::parse_iso8601("2024-03-04T10:00:00Z").value() + std::chrono::seconds{offset};
}

std::optional<StorageErrorCode> check(Conditions const& conditions, Purpose purpose) {
    return find_unmet_condition(conditions, entity(), purpose);
}

TEST(Conditions, AreMetWhenThereAreNone) {
    EXPECT_EQ(check({}, Purpose::read), std::nullopt);
    EXPECT_EQ(find_unmet_condition({}, std::nullopt, Purpose::write), std::nullopt);
}

TEST(Conditions, IfMatchWantsTheTag) {
    EXPECT_EQ(check({.if_match = tag()}, Purpose::write), std::nullopt);
    EXPECT_EQ(check({.if_match = "\"0x0\", " + tag()}, Purpose::write), std::nullopt);
    EXPECT_EQ(check({.if_match = base::to_etag(entity().etag)}, Purpose::write), std::nullopt);
    EXPECT_EQ(check({.if_match = "*"}, Purpose::read), std::nullopt);
    EXPECT_EQ(check({.if_match = "\"0x0\""}, Purpose::read), StorageErrorCode::condition_not_met);
}

TEST(Conditions, IfMatchWantsSomethingThere) {
    EXPECT_EQ(
        find_unmet_condition({.if_match = "*"}, std::nullopt, Purpose::write),
        StorageErrorCode::condition_not_met
    );
}

TEST(Conditions, IfNoneMatchOfTheTagIsNotModifiedForReadsAndRefusedForWrites) {
    EXPECT_EQ(check({.if_none_match = tag()}, Purpose::read), StorageErrorCode::not_modified);
    EXPECT_EQ(check({.if_none_match = tag()}, Purpose::write), StorageErrorCode::condition_not_met);
    EXPECT_EQ(check({.if_none_match = tag()}, Purpose::source), StorageErrorCode::source_condition_not_met);
    EXPECT_EQ(check({.if_none_match = "\"0x0\""}, Purpose::read), std::nullopt);
}

TEST(Conditions, IfNoneMatchOfAnythingLetsOnlyNewBlobsBeWritten) {
    EXPECT_EQ(find_unmet_condition({.if_none_match = "*"}, std::nullopt, Purpose::write), std::nullopt);
    EXPECT_EQ(check({.if_none_match = "*"}, Purpose::create), StorageErrorCode::blob_already_exists);
    EXPECT_EQ(check({.if_none_match = "*"}, Purpose::write), StorageErrorCode::condition_not_met);
    EXPECT_EQ(check({.if_none_match = "*"}, Purpose::read), StorageErrorCode::unsatisfiable_condition);
}

TEST(Conditions, DatesKnowWholeSecondsOnly) {
    EXPECT_EQ(check({.if_modified_since = second(0)}, Purpose::read), StorageErrorCode::not_modified);
    EXPECT_EQ(check({.if_modified_since = second(-1)}, Purpose::read), std::nullopt);
    EXPECT_EQ(check({.if_modified_since = second(0)}, Purpose::write), StorageErrorCode::condition_not_met);
    EXPECT_EQ(check({.if_unmodified_since = second(0)}, Purpose::read), std::nullopt);
    EXPECT_EQ(check({.if_unmodified_since = second(-1)}, Purpose::read), StorageErrorCode::condition_not_met);
}

TEST(Conditions, OneOfIfNoneMatchAndIfModifiedSinceIsEnoughForReads) {
    EXPECT_EQ(
        check({.if_none_match = "\"0x0\"", .if_modified_since = second(5)}, Purpose::read), std::nullopt
    );
    EXPECT_EQ(check({.if_none_match = tag(), .if_modified_since = second(-5)}, Purpose::read), std::nullopt);
    EXPECT_EQ(
        check({.if_none_match = tag(), .if_modified_since = second(5)}, Purpose::read),
        StorageErrorCode::not_modified
    );
}

TEST(Conditions, TheEntityTagDecidesForWrites) {
    EXPECT_EQ(check({.if_match = tag(), .if_unmodified_since = second(-5)}, Purpose::write), std::nullopt);
    EXPECT_EQ(
        check({.if_match = tag(), .if_unmodified_since = second(-5)}, Purpose::read),
        StorageErrorCode::condition_not_met
    );
    EXPECT_EQ(
        check({.if_none_match = tag(), .if_modified_since = second(-5)}, Purpose::write),
        StorageErrorCode::condition_not_met
    );
}

TEST(Conditions, WritesTakeNoOtherPairs) {
    auto const refused = StorageErrorCode::multiple_condition_headers_not_supported;
    Conditions const tags{.if_match = tag(), .if_none_match = "\"0x0\""};
    Conditions const dates{.if_modified_since = second(-5), .if_unmodified_since = second(5)};
    for (auto const& conditions : {tags, dates}) {
        EXPECT_EQ(check(conditions, Purpose::write), refused);
        EXPECT_EQ(find_unmet_condition(conditions, std::nullopt, Purpose::create), refused);
        EXPECT_EQ(check(conditions, Purpose::read), std::nullopt);
    }
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
