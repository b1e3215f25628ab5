#include "tests/unit/client/transcode_runs.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// What other runs and other people have in the same accounts.
class SharedAccounts : public tests::TranscodeTest {};

TEST_F(SharedAccounts, AResultOfAnEarlierRunIsNotTakenForThisRuns) {
    add_clip("a.mp4");
    services_.containers["output"] = "earlier";
    services_.blobs["output/a.mp3"] = "old";
    services_.blobs["output/earlier/a.mp3"] = "old";
    services_.fates["Task0"].leaves_no_result = true;

    EXPECT_EQ(run(), ExitStatus::task_failed);

    EXPECT_THAT(err_.str(), HasSubstr("left no {output}"));
    EXPECT_FALSE(fs::exists(options_.output / "a.mp3"));
}

TEST_F(SharedAccounts, AContainerThatAnotherRunUsesByNowStays) {
    add_clip("a.mp4");
    services_.blobs["input/other-run/a.mp4"] = "another film";

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_TRUE(left_.containers.contains("input"));
    EXPECT_EQ(left_.blobs["input/other-run/a.mp4"], "another film");
    EXPECT_FALSE(left_.blobs.contains("input/this-run/a.mp4"));
    EXPECT_THAT(out_.str(), HasSubstr("Container [input] is kept: it holds more than this run's files."));
}

TEST_F(SharedAccounts, AnEarlyFailureDeletesWhatWasUploaded) {
    add_clip("a.mp4");
    services_.containers["input"] = "somebody";
    services_.blobs["input/mine.mp4"] = "mine";
    services_.before = [](std::string const& key) -> std::optional<tests::Answer> {
        if (key != "POST /jobs") return std::nullopt;
        return tests::batch_error(400, "InvalidPropertyValue");
    };

    EXPECT_EQ(run(), ExitStatus::usage);

    EXPECT_TRUE(left_.blobs.contains("input/mine.mp4"));
    EXPECT_FALSE(left_.blobs.contains("input/this-run/a.mp4"));
}

TEST_F(SharedAccounts, AnInterruptedRunDeletesItsBlobsFromContainersOfOthers) {
    add_clip("a.mp4");
    services_.containers = {{"input", "somebody"}, {"output", "somebody"}};
    services_.fates["Task0"].never_ends = true;
    waiter_.stop_at_once = true;

    EXPECT_EQ(run(), ExitStatus::interrupted);

    EXPECT_EQ(left_.containers.size(), 2U);
    EXPECT_TRUE(left_.blobs.empty());
}

TEST_F(SharedAccounts, AContainerThatExistedKeepsItsOtherBlobs) {
    add_clip("a.mp4");
    services_.containers["input"] = "somebody";
    services_.blobs["input/a.mp4"] = "mine";

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_TRUE(left_.containers.contains("input"));
    EXPECT_FALSE(left_.blobs.contains("input/this-run/a.mp4"));
    EXPECT_EQ(left_.blobs["input/a.mp4"], "mine");
    EXPECT_THAT(out_.str(), HasSubstr("Container [input] exists already."));
}

TEST_F(SharedAccounts, AJobThatExistsStopsTheRunAndSaysWhatToDo) {
    add_clip("a.mp4");
    services_.job = nlohmann::json{{"id", "LinuxFFmpegJob"}, {"state", "active"}};

    EXPECT_EQ(run(), ExitStatus::usage);

    EXPECT_THAT(err_.str(), HasSubstr("Job [LinuxFFmpegJob] exists already"));
    EXPECT_THAT(err_.str(), HasSubstr("--job-id"));
    EXPECT_TRUE(left_.job);
    EXPECT_FALSE(left_.pool);
    EXPECT_TRUE(left_.containers.empty());
    EXPECT_THAT(left_.log, ::testing::ElementsAre("GET /jobs/LinuxFFmpegJob"));
}

}  // namespace
}  // namespace bluebatch::cli
