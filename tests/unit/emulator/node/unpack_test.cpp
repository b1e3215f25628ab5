#include "emulator/node/unpack.hpp"

#include "shared/base/unique_descriptor.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/zip_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

namespace bluebatch::emulator::node {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Unpack : public testing::Test {
protected:
    Unpack() { fs::create_directory(folder()); }

    fs::path folder() const { return directory_.path() / "in"; }

    UnpackResult unpack_bytes(std::string const& bytes, UnpackLimits const& limits = {}) {
        auto const file = directory_.path() / "package.zip";
        std::ofstream(file, std::ios::binary) << bytes;
        base::UniqueDescriptor const archive(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        return unpack(archive.get(), folder(), limits, stop_.get_token());
    }
    UnpackResult unpack_zip(ZipBuilder const& zip, UnpackLimits const& limits = {}) {
        return unpack_bytes(zip.bytes(), limits);
    }
    std::string failure(ZipBuilder const& zip, UnpackLimits const& limits = {}) {
        auto const done = unpack_zip(zip, limits);
        return done ? "none" : done.error().message;
    }

    std::string read(fs::path const& name) const {
        std::ifstream stream(folder() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    // What lies beside the folder, where nothing may be written.
    std::size_t things_outside() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator{})
        );
    }

    tests::TemporaryDirectory directory_;
    std::stop_source stop_;
};

TEST_F(Unpack, FilesLieInTheirFoldersWithTheirPermissions) {
    ZipBuilder zip;
    zip.add("bin/", "", ZipBuilder::kFolder)
        .add("bin/tool", "#!/bin/sh\n", ZipBuilder::kProgram)
        .add("./share//data/x.txt", "data")
        .add("empty", "");

    ASSERT_TRUE(unpack_zip(zip));

    EXPECT_EQ(read("bin/tool"), "#!/bin/sh\n");
    EXPECT_EQ(read("share/data/x.txt"), "data");
    EXPECT_TRUE(fs::exists(folder() / "empty"));
    auto const exec = fs::perms::owner_exec;
    EXPECT_EQ(fs::status(folder() / "bin/tool").permissions() & exec, exec);
    EXPECT_EQ(fs::status(folder() / "share/data/x.txt").permissions() & exec, fs::perms::none);
}

TEST_F(Unpack, NobodyBecomesSomebodyElse) {
    ASSERT_TRUE(unpack_zip(ZipBuilder().add("tool", "x", 0106755).add("mine", "y", 0100000)));

    auto const special = fs::perms::set_uid | fs::perms::set_gid | fs::perms::sticky_bit;
    EXPECT_EQ(fs::status(folder() / "tool").permissions() & special, fs::perms::none);
    EXPECT_EQ(read("mine"), "y");
}

TEST_F(Unpack, NamesAreUtf8) {
    ASSERT_TRUE(unpack_zip(ZipBuilder().add("gr\xC3\xBC\xC3\x9F/\xE2\x82\xAC.txt", "euro")));
    EXPECT_EQ(read("gr\xC3\xBC\xC3\x9F/\xE2\x82\xAC.txt"), "euro");
}

TEST_F(Unpack, NamesThatLeadOutAreRefused) {
    for (auto const* name : {"../evil", "a/../../evil", "/tmp/evil", "a/..", ".."}) {
        EXPECT_THAT(failure(ZipBuilder().add("good", "x").add(name, "evil")), HasSubstr("leads out")) << name;
    }
    EXPECT_EQ(things_outside(), 2U);
    std::string deep;
    for (int i = 0; i < 70; ++i)
        deep += "d/";
    EXPECT_THAT(failure(ZipBuilder().add(deep + "x", "x")), HasSubstr("leads out"));
}

TEST_F(Unpack, LinksStayInside) {
    ZipBuilder zip;
    zip.add("lib/real.so.1", "code").add("lib/real.so", "real.so.1", ZipBuilder::kLink);
    zip.add("bin/lib", "../lib", ZipBuilder::kLink);

    ASSERT_TRUE(unpack_zip(zip));

    EXPECT_EQ(read("lib/real.so"), "code");
    EXPECT_EQ(read("bin/lib/real.so"), "code");
}

TEST_F(Unpack, LinksThatLeadOutAreRefused) {
    std::map<std::string, std::string> const links{
        {"l", "/etc/passwd"},
        {"a", ".."},
        {"d/l", "../../x"},
        {"e/l", "x/../../.."},
        {"m", "x/.."},
        {"n", ""}};
    for (auto const& [name, target] : links) {
        EXPECT_THAT(failure(ZipBuilder().add(name, target, ZipBuilder::kLink)), HasSubstr("leads out"))
            << target;
    }
}

TEST_F(Unpack, NothingIsWrittenThroughALink) {
    fs::create_directory(directory_.path() / "outside");
    fs::create_directory_symlink(directory_.path() / "outside", folder() / "door");

    EXPECT_THAT(failure(ZipBuilder().add("door/x", "evil")), HasSubstr("both"));
    EXPECT_TRUE(fs::is_empty(directory_.path() / "outside"));

    ZipBuilder zip;
    zip.add("here", ".", ZipBuilder::kLink).add("here/l", "..", ZipBuilder::kLink).add("here/x", "x");
    EXPECT_FALSE(unpack_zip(zip));
    EXPECT_EQ(things_outside(), 3U);
}

TEST_F(Unpack, TheLastFileOfANameCounts) {
    ASSERT_TRUE(unpack_zip(ZipBuilder().add("x", "first").add("x", "second")));
    EXPECT_EQ(read("x"), "second");
    EXPECT_THAT(failure(ZipBuilder().add("f", "file").add("f/x", "x")), HasSubstr("both"));
    EXPECT_THAT(failure(ZipBuilder().add("g/x", "x").add("g", "file")), HasSubstr("both"));
}

TEST_F(Unpack, ArchivesThatAreTooLargeAreRefused) {
    auto const error = [&](ZipBuilder const& zip, UnpackLimits const& limits) {
        auto const done = unpack_zip(zip, limits);
        return done ? std::optional<UnpackFault>{} : done.error().fault;
    };
    EXPECT_EQ(error(ZipBuilder().add("x", "12345").add("y", "12345"), {10, 9}), UnpackFault::too_large);
    EXPECT_EQ(error(ZipBuilder().add("x", "12345").add("y", "1234"), {10, 9}), std::nullopt);
    EXPECT_EQ(error(ZipBuilder().add("a/b/c/d/x", ""), {4, 9}), UnpackFault::too_large);
    EXPECT_EQ(error(ZipBuilder().add("e", "").add("f", "").add("g", ""), {2, 9}), UnpackFault::too_large);
}

TEST_F(Unpack, WhatIsBrokenIsRefused) {
    auto const whole = ZipBuilder().add("x", "content of a file").bytes();
    EXPECT_FALSE(unpack_bytes("no archive at all"));
    EXPECT_FALSE(unpack_bytes(whole.substr(0, whole.size() - 30)));
    auto damaged = whole;
    damaged[damaged.find("content")] = 'C';
    auto const done = unpack_bytes(damaged);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, UnpackFault::bad_archive);
}

TEST_F(Unpack, AnEmptyArchiveIsAnArchive) {
    EXPECT_TRUE(unpack_zip(ZipBuilder()));
    EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(Unpack, ItEndsWhenItIsStopped) {
    stop_.request_stop();
    auto const done = unpack_zip(ZipBuilder().add("x", "x"));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, UnpackFault::cancelled);
    EXPECT_TRUE(fs::is_empty(folder()));
}

}  // namespace
}  // namespace bluebatch::emulator::node
