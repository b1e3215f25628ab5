#include "emulator/node/packages.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/zip_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace bluebatch::emulator::node {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class InstallPackages : public testing::Test {
protected:
    void put(std::string const& version, ZipBuilder const& zip) {
        fs::path const file = directory_.path() / (std::to_string(++last_number_) + ".zip");
        zip.write(file);
        files_[version] = {version, last_number_, file};
    }
    std::optional<domain::FailureInfo> install(domain::PackageReference const& reference) {
        return packages_.install(node_, {reference}, stop_.get_token(), variables_);
    }
    fs::path place(std::string const& name) const { return variables_.at(name); }

    tests::TemporaryDirectory directory_;
    domain::NodeDirectories node_{directory_.path() / "node"};
    std::map<std::string, PackageFile> files_;
    std::int64_t last_number_ = 0;
    std::atomic<int> asked_ = 0;
    std::stop_source stop_;
    Environment variables_;
    Packages packages_{[this](std::string_view id, std::string_view version) -> std::optional<PackageFile> {
        ++asked_;
        auto const found = files_.find(version.empty() ? "2" : std::string(version));
        return id == "Tool" && found != files_.end() ? std::optional{found->second} : std::nullopt;
    }};
};

// APP-4
TEST(PackageVariables, HaveLettersDigitsAndUnderscoresInThreeSpellings) {
    EXPECT_THAT(
        package_variables({"Agent-linux-x64", "1.1.46.0"}),
        ElementsAre(
            "AZ_BATCH_APP_PACKAGE_Agent_linux_x64_1_1_46_0",
            "AZ_BATCH_APP_PACKAGE_AGENT_LINUX_X64_1_1_46_0",
            "AZ_BATCH_APP_PACKAGE_agent_linux_x64_1_1_46_0"
        )
    );
    EXPECT_EQ(package_variables({"tool", ""}).front(), "AZ_BATCH_APP_PACKAGE_tool");
}

TEST_F(InstallPackages, VariablesLeadToWhatWasUnpacked) {
    put("1.0", ZipBuilder().add("data", "one"));
    put("2", ZipBuilder().add("data", "two"));

    ASSERT_FALSE(install({"Tool", "1.0"}));
    ASSERT_FALSE(install({"Tool", ""}));

    EXPECT_TRUE(fs::exists(place("AZ_BATCH_APP_PACKAGE_Tool_1_0") / "data"));
    EXPECT_EQ(place("AZ_BATCH_APP_PACKAGE_TOOL").parent_path(), node_.applications() / "tool");
    EXPECT_NE(place("AZ_BATCH_APP_PACKAGE_Tool"), place("AZ_BATCH_APP_PACKAGE_tool_1_0"));
}

TEST_F(InstallPackages, ACopyIsUsedUntilThePackageIsReplaced) {
    put("2", ZipBuilder().add("data", "old"));
    ASSERT_FALSE(install({"Tool", ""}));
    auto const old = place("AZ_BATCH_APP_PACKAGE_Tool");
    fs::remove(old / "data");

    ASSERT_FALSE(install({"Tool", ""}));
    EXPECT_FALSE(fs::exists(old / "data")) << "it was unpacked twice";

    put("2", ZipBuilder().add("data", "new"));
    ASSERT_FALSE(install({"Tool", ""}));
    EXPECT_NE(place("AZ_BATCH_APP_PACKAGE_Tool"), old);
    EXPECT_TRUE(fs::exists(place("AZ_BATCH_APP_PACKAGE_Tool") / "data"));
}

TEST_F(InstallPackages, OneThreadUnpacksForAll) {
    ZipBuilder zip;
    for (int i = 0; i < 200; ++i)
        zip.add("file" + std::to_string(i), "content");
    put("2", zip);
    std::atomic<int> complete = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                Environment variables;
                auto const failed = packages_.install(node_, {{"Tool", ""}}, stop_.get_token(), variables);
                fs::path const place = variables["AZ_BATCH_APP_PACKAGE_Tool"];
                if (!failed && fs::exists(place / "file199")) ++complete;
            });
        }
    }
    EXPECT_EQ(complete, 8);
    auto const folders = fs::directory_iterator(node_.applications() / "tool");
    EXPECT_EQ(std::distance(folders, fs::directory_iterator{}), 1);
}

// APP-1, TASK-34
TEST_F(InstallPackages, WhatIsNotThereIsAFailure) {
    auto const failure = install({"Tool", "7"});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "ApplicationPackageError");
    EXPECT_EQ(failure->category, domain::ErrorCategory::user_error);
    EXPECT_THAT(failure->details, testing::Contains(domain::NameValue{"ApplicationId", "Tool"}));
    EXPECT_THAT(failure->details, testing::Contains(domain::NameValue{"Version", "7"}));
    EXPECT_TRUE(install({"other", ""}));
    EXPECT_TRUE(install({"Tool", ""})) << "there is no default version";
}

TEST_F(InstallPackages, ABadArchiveLeavesNothing) {
    put("2", ZipBuilder().add("good", "x").add("../evil", "x"));
    auto const failure = install({"Tool", ""});
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, "ApplicationPackageError");
    EXPECT_TRUE(fs::is_empty(node_.applications() / "tool"));

    put("2", ZipBuilder().add("good", "x"));
    fs::create_directories(node_.applications() / "tool/2-2.part/left");
    EXPECT_FALSE(install({"Tool", ""}));
    EXPECT_FALSE(fs::exists(place("AZ_BATCH_APP_PACKAGE_Tool") / "left"));
}

TEST_F(InstallPackages, AStopIsNoFailure) {
    put("2", ZipBuilder().add("x", "x"));
    stop_.request_stop();
    EXPECT_FALSE(install({"Tool", ""}));
    EXPECT_EQ(asked_, 0);
}

TEST_F(InstallPackages, ANodeKeepsItsVariablesUntilItIsForgotten) {
    packages_.set_variables_of(node_, {{"A", "1"}});
    EXPECT_EQ(packages_.variables_of(node_), (Environment{{"A", "1"}}));
    EXPECT_TRUE(packages_.variables_of({"/other"}).empty());
    packages_.forget(node_);
    EXPECT_TRUE(packages_.variables_of(node_).empty());
}

}  // namespace
}  // namespace bluebatch::emulator::node
