#include "client/cli/commands/blob_paths.hpp"

#include "client/cli/commands/blob_sas.hpp"
#include "client/cli/commands/transfers.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

TEST(BlobPaths, AnAddressIsAContainerAndWhatFollows) {
    EXPECT_EQ(parse_address("c").container, "c");
    EXPECT_EQ(parse_address("c").path, "");
    EXPECT_EQ(parse_address("c/").path, "");
    EXPECT_EQ(parse_address("c/a/b").path, "a/b");
    EXPECT_EQ(to_string(parse_address("c/a/b")), "c/a/b");
    EXPECT_EQ(folder_of(parse_address("c")), "");
    EXPECT_EQ(folder_of(parse_address("c/a")), "a/");
    EXPECT_EQ(folder_of(parse_address("c/a/")), "a/");
}

TEST(BlobPaths, NoNameLeadsOutOfTheFolder) {
    EXPECT_EQ(path_below("out", "a/b.txt"), fs::path("out/a/b.txt"));
    for (auto const* name : {"../x", "a/../../x", "/etc/passwd", "a//b", ".", "..", "a/", ""})
        EXPECT_FALSE(path_below("out", name)) << name;
    EXPECT_FALSE(path_below("out", std::string_view("a\0b", 3)));
}

TEST(BlobPaths, DownloadsWithoutAPlaceAreRefusedBeforeTheFirst) {
    std::vector<client::BlobItem> blobs(2);
    blobs[0].name = "p/good";
    blobs[1].name = "p/../bad";
    auto const plan = plan_downloads(blobs, "p/", "out");
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().status, ExitStatus::usage);
}

TEST(BlobPaths, EmptyBlobsThatStandForFoldersAreNoFiles) {
    std::vector<client::BlobItem> blobs(3);
    blobs[0].name = "p/";
    blobs[1].name = "p/sub/";
    blobs[2].name = "p/sub/file";
    auto const plan = plan_downloads(blobs, "p/", "out");
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->size(), 1u);
    EXPECT_EQ(plan->front().file, fs::path("out/sub/file"));
}

TEST(BlobPaths, FilesAreNamedRelativeToTheirFolder) {
    tests::TemporaryDirectory const folder;
    fs::create_directories(folder.path() / "sub");
    std::ofstream(folder.path() / "sub" / "b") << "two";
    std::ofstream(folder.path() / "a") << "1";
    auto const found = find_local_files(folder.path());
    ASSERT_TRUE(found);
    auto const& files = found->files;
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].name, "a");
    EXPECT_EQ(files[1].name, "sub/b");
    EXPECT_EQ(files[1].size, 3u);
    EXPECT_TRUE(found->skipped.empty());
    auto const one = find_local_files(folder.path() / "a");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->files.front().name, "a");
    EXPECT_FALSE(find_local_files(folder.path() / "none"));
}

TEST(BlobPaths, LinksThatLeadToNoFileAreToldOf) {
    tests::TemporaryDirectory const folder;
    fs::create_directories(folder.path() / "sub");
    std::ofstream(folder.path() / "sub" / "b") << "two";
    fs::create_symlink("sub/b", folder.path() / "good");
    fs::create_symlink("nothing", folder.path() / "broken");
    fs::create_directory_symlink("sub", folder.path() / "other");
    auto const found = find_local_files(folder.path());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->files.size(), 2u);
    EXPECT_EQ(
        found->skipped, (std::vector<std::string>{"broken (a link to nothing)", "other (a link to a folder)"})
    );
}

TEST(BlobPaths, ContentTypesGoByTheExtension) {
    EXPECT_EQ(content_type_of("a/b.HTML"), "text/html");
    EXPECT_EQ(content_type_of("a.b/c"), "application/octet-stream");
}

TEST(BlobSas, PermissionsGetTheServicesOrder) {
    EXPECT_EQ(order_permissions("wr"), "rw");
    EXPECT_EQ(order_permissions("ldcwr"), "rcwdl");
    EXPECT_EQ(order_permissions("rr"), "r");
    EXPECT_FALSE(order_permissions(""));
    EXPECT_FALSE(order_permissions("rz"));
}

TEST(BlobSas, AnExpiryIsADurationOrATime) {
    base::TimePoint const now{std::chrono::hours(24)};
    EXPECT_EQ(parse_expiry("90m", now), now + std::chrono::minutes(90));
    EXPECT_EQ(parse_expiry("1970-01-03", now), base::TimePoint{std::chrono::hours(48)});
    EXPECT_FALSE(parse_expiry("soon", now));
}

}  // namespace
}  // namespace bluebatch::cli
