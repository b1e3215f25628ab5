#include "emulator/ffmpeg/package_installation.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::ffmpeg {
namespace {

using Words = std::vector<std::string>;

class OnlyInstalls : public testing::TestWithParam<char const*> {};

// Batch: ENV-15
TEST_P(OnlyInstalls, SoNothingRemains) {
    EXPECT_TRUE(is_package_installation(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Lines,
    OnlyInstalls,
    testing::Values(
        "/bin/bash -c \"apt-get update && apt-get install -y ffmpeg\"",
        "apt-get install -y ffmpeg",
        "sudo apt-get install -y ffmpeg",
        "/bin/sh -c 'sudo apt-get update; sudo apt-get -y install ffmpeg'",
        "/bin/bash -c 'export DEBIAN_FRONTEND=noninteractive; apt-get update'",
        "/bin/sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg > "
        "/dev/null 2>&1'",
        "bash -c 'sudo -E env DEBIAN_FRONTEND=noninteractive apt install -y ffmpeg'",
        "yum install -y ffmpeg",
        "/bin/sh -c 'add-apt-repository -y ppa:x/y && apt-get update && apt-get install ffmpeg -y || exit 0'",
        "dnf -y install ffmpeg",
        "apk add --no-cache ffmpeg",
        "zypper --non-interactive install ffmpeg",
        "/bin/sh -c 'yes | apt-get install ffmpeg'",
        "sudo /usr/bin/apt-get -y install ffmpeg",
        "/bin/bash -c 'set -e; apt-get update\napt-get install -y ffmpeg'",
        "snap install ffmpeg"
    )
);

TEST(ReadPackageInstallation, NamesThePackages) {
    auto const found =
        read_package_installation("/bin/sh -c 'apt-get update && apt-get install -y ffmpeg jq'");

    ASSERT_TRUE(found);
    EXPECT_EQ(found->packages, (Words{"ffmpeg", "jq"}));
    EXPECT_EQ(found->remaining_command_line, "");
}

TEST(ReadPackageInstallation, LeavesTheOtherCommandsToRun) {
    auto const found =
        read_package_installation("/bin/bash -c \"apt-get install -y ffmpeg && echo 'it is' > done.txt\"");

    ASSERT_TRUE(found);
    EXPECT_EQ(found->packages, Words{"ffmpeg"});
    EXPECT_EQ(found->remaining_command_line, "/bin/bash -c 'true && echo '\"'\"'it is'\"'\"' > done.txt'");
}

TEST(ReadPackageInstallation, KeepsRedirectionsAndOrder) {
    auto const found = read_package_installation(
        "sh -c 'mkdir x; sudo apt-get -y install ffmpeg > log.txt 2>&1; cat log.txt | wc -l'"
    );

    ASSERT_TRUE(found);
    EXPECT_EQ(found->remaining_command_line, "sh -c 'mkdir x; true > log.txt 2>&1 ; cat log.txt | wc -l'");
}

class TouchesNoPackages : public testing::TestWithParam<char const*> {};

TEST_P(TouchesNoPackages, SoItRunsAsItIs) {
    EXPECT_FALSE(read_package_installation(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Lines,
    TouchesNoPackages,
    testing::Values(
        "ffmpeg -i a b",
        "echo apt-get install ffmpeg",
        "/bin/sh -c 'echo hello'",
        "apt-get --version",
        "apt list",
        "/bin/sh -c 'echo \"apt-get install ffmpeg\"'",
        "/bin/sh -c 'if true; then (apt-get update); fi'",
        "",
        "pip install x",
        "/bin/sh -c 'echo \"open"
    )
);

TEST(ChangesMachine, TellsAskingFromChanging) {
    EXPECT_TRUE(changes_machine("apt-get", {"-y", "install", "ffmpeg"}));
    EXPECT_TRUE(changes_machine("add-apt-repository", {"ppa:x/y"}));
    EXPECT_FALSE(changes_machine("apt-get", {"--version"}));
    EXPECT_FALSE(changes_machine("apt", {"list", "--installed"}));
}

TEST(PackageInstallation, KeepsAShellWhoseNameHasBlanksOneWord) {
    auto const installation = read_package_installation(R"("/my tools/bash" -c "apt-get update & ./go")");

    ASSERT_TRUE(installation);
    EXPECT_EQ(installation->remaining_command_line, "'/my tools/bash' -c 'true & ./go'");
}

}  // namespace
}  // namespace bluebatch::emulator::ffmpeg
