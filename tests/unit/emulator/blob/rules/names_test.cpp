#include "emulator/blob/rules/names.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;

TEST(ContainerNames, FollowTheRules) {
    for (auto const* const name : {"abc", "a-b", "0a1", "$root", "$web"}) {
        EXPECT_FALSE(find_container_name_fault(name)) << name;
    }
    EXPECT_FALSE(find_container_name_fault(std::string(63, 'a')));
    for (auto const* const name :
         {"Abc", "a--b", "-ab", "ab-", "a_b", "a.b", "\xC3\xBCmlaut", "$other", "a/b"}) {
        EXPECT_EQ(find_container_name_fault(name)->code, StorageErrorCode::invalid_resource_name) << name;
    }
    EXPECT_EQ(find_container_name_fault("ab")->code, StorageErrorCode::out_of_range_input);
    EXPECT_EQ(find_container_name_fault(std::string(64, 'a'))->code, StorageErrorCode::out_of_range_input);
}

TEST(BlobNames, AreCountedInUtf16) {
    std::string umlauts;
    for (int i = 0; i < 1024; ++i)
        umlauts += "\xC3\xBC";
    std::string faces;
    for (int i = 0; i < 512; ++i)
        faces += "\xF0\x9F\x98\x80";

    EXPECT_FALSE(find_blob_name_fault(umlauts));
    EXPECT_FALSE(find_blob_name_fault(faces));
    EXPECT_EQ(find_blob_name_fault(umlauts + "a")->code, StorageErrorCode::out_of_range_input);
    EXPECT_EQ(find_blob_name_fault(faces + "a")->code, StorageErrorCode::out_of_range_input);
}

TEST(BlobNames, AreUtf8) {
    EXPECT_FALSE(find_blob_name_fault("a/../b."));
    EXPECT_EQ(find_blob_name_fault("\xFF")->code, StorageErrorCode::invalid_uri);
    EXPECT_EQ(find_blob_name_fault(std::string("a\0b", 3))->code, StorageErrorCode::invalid_uri);
}

TEST(Metadata, HasIdentifiersForNames) {
    EXPECT_FALSE(find_metadata_fault({{"a_1", "any value"}, {"_b", ""}}));
    EXPECT_EQ(find_metadata_fault({{"1a", ""}})->code, StorageErrorCode::invalid_metadata);
    EXPECT_EQ(find_metadata_fault({{"a-b", ""}})->code, StorageErrorCode::invalid_metadata);
    EXPECT_EQ(find_metadata_fault({{"", "x"}})->code, StorageErrorCode::empty_metadata_key);
    EXPECT_EQ(find_metadata_fault({{"a", "x\x1E"}})->code, StorageErrorCode::invalid_metadata);
}

TEST(Metadata, StopsAtEightKibibytes) {
    EXPECT_FALSE(find_metadata_fault({{"a", std::string(8191, 'x')}}));
    EXPECT_EQ(
        find_metadata_fault({{"a", std::string(8192, 'x')}})->code, StorageErrorCode::metadata_too_large
    );
}

TEST(BlockIds, AreUpTo64BytesInBase64) {
    EXPECT_EQ(check_block_id("AAAA").value(), 3U);
    EXPECT_EQ(check_block_id("YQ==").value(), 1U);
    EXPECT_EQ(check_block_id(std::string(84, 'A') + "AA==").value(), 64U);
    for (auto const& id : {std::string{}, std::string{"a"}, std::string{"!!!!"}, std::string(88, 'A')}) {
        EXPECT_EQ(check_block_id(id).error().code, StorageErrorCode::invalid_block_id) << id;
    }
}

TEST(Guids, HaveOneForm) {
    EXPECT_TRUE(is_guid("0f8fad5b-d9cb-469f-a165-70867728950e"));
    EXPECT_TRUE(is_guid("{0F8FAD5B-D9CB-469F-A165-70867728950E}"));
    EXPECT_FALSE(is_guid("0f8fad5bd9cb469fa16570867728950e"));
    EXPECT_FALSE(is_guid("0f8fad5b-d9cb-469f-a165-70867728950g"));
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
