#include "tests/unit/client/transcode_runs.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

using tests::read;
using tests::TranscodeTest;

TEST_F(TranscodeTest, SaysWhatTheTutorialSaysInItsOrder) {
    add_clip("a.mp4");
    add_clip("b.mp4");

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_THAT(
        lines(),
        ::testing::ElementsAre(
            "Sample start: 2024-03-04T10:00:00Z",
            "",
            "Container [input] created.",
            "Container [output] created.",
            "Uploading file a.mp4 to container [input]...",
            "Uploading file b.mp4 to container [input]...",
            "Creating pool [LinuxFFmpegPool]...",
            "Creating job [LinuxFFmpegJob]...",
            "Adding 2 tasks to job [LinuxFFmpegJob]...",
            "Monitoring all tasks for 'Completed' state, timeout in 00:30:00...",
            "Success! All tasks completed successfully within the specified timeout period.",
            "Deleting container [input]...",
            "",
            MatchesRegex("Sample end: 2024-03-04T10:00:0[0-9]Z"),
            MatchesRegex("Elapsed time: 00:00:0[0-9]\\.[0-9]{7}"),
            "",
            "Delete job? [Y/n] y",
            "Delete pool? [Y/n] y"
        )
    );
    EXPECT_EQ(err_.str(), "");
}

TEST_F(TranscodeTest, FetchesResultsAndLeavesNothingButThem) {
    add_clip("a.mp4");

    run();

    EXPECT_EQ(read(options_.output / "a.mp3"), "MP3 of a.mp4");
    EXPECT_FALSE(left_.pool);
    EXPECT_FALSE(left_.job);
    EXPECT_FALSE(left_.containers.contains("input"));
    EXPECT_TRUE(left_.containers.contains("output"));
}

TEST_F(TranscodeTest, AsksTheServiceForWhatTheTutorialAsks) {
    add_clip("a.mp4");
    options_.job = Keep::yes;
    options_.pool = Keep::yes;

    run();

    ASSERT_TRUE(left_.pool);
    EXPECT_EQ((*left_.pool)["targetLowPriorityNodes"], 5);
    EXPECT_EQ(
        (*left_.pool)["startTask"]["commandLine"],
        R"(/bin/bash -c "apt-get update && apt-get install -y ffmpeg")"
    );
    EXPECT_EQ((*left_.job)["poolInfo"]["poolId"], "LinuxFFmpegPool");
    auto const& task = left_.tasks.at(0);
    EXPECT_EQ(task["id"], "Task0");
    EXPECT_EQ(task["commandLine"], R"(/bin/bash -c "ffmpeg -i a.mp4 a.mp3")");
    EXPECT_THAT(
        task["resourceFiles"][0]["httpUrl"].get<std::string>(),
        ::testing::StartsWith("http://127.0.0.1:10000/devstoreaccount1/input/this-run/a.mp4?")
    );
    EXPECT_THAT(task["resourceFiles"][0]["httpUrl"].get<std::string>(), HasSubstr("sp=r"));
    EXPECT_EQ(task["resourceFiles"][0]["filePath"], "a.mp4");
    EXPECT_EQ(task["outputFiles"][0]["filePattern"], "a.mp3");
    EXPECT_EQ(task["outputFiles"][0]["destination"]["container"]["path"], "this-run/a.mp3");
    EXPECT_THAT(
        task["outputFiles"][0]["destination"]["container"]["containerUrl"].get<std::string>(),
        HasSubstr("sp=w")
    );
}

TEST_F(TranscodeTest, NamesEachFailedTaskWithTheEndOfItsStderr) {
    add_clip("a.mp4");
    add_clip("broken.mp4");
    services_.fates["Task1"] = {
        .exit_code = 1,
        .stderr_text = "first\nmoov atom not found\n",
        .never_ends = false,
        .leaves_no_result = false};

    EXPECT_EQ(run(), ExitStatus::task_failed);

    EXPECT_THAT(
        err_.str(), HasSubstr("Task1 (broken.mp4) failed: exit code 1 (FailureExitCode: It failed.)")
    );
    EXPECT_THAT(err_.str(), HasSubstr("    moov atom not found\n"));
    EXPECT_THAT(out_.str(), HasSubstr("All tasks completed: 1 succeeded, 1 failed."));
    EXPECT_THAT(out_.str(), Not(HasSubstr("Success!")));
    EXPECT_TRUE(fs::exists(options_.output / "a.mp3"));
    EXPECT_FALSE(fs::exists(options_.output / "broken.mp3"));
}

TEST_F(TranscodeTest, EndsWhenTheTimeIsUp) {
    add_clip("a.mp4");
    add_clip("b.mp4");
    services_.fates["Task1"].never_ends = true;
    options_.timeout = std::chrono::seconds(90);

    EXPECT_EQ(run(), ExitStatus::unreachable);

    EXPECT_THAT(err_.str(), HasSubstr("within the timeout period of 00:01:30: 1 of 2 are missing"));
    EXPECT_TRUE(fs::exists(options_.output / "a.mp3"));
    EXPECT_FALSE(left_.pool);
}

TEST_F(TranscodeTest, EndsWhenSomebodyEndsTheJobOrDeletesIt) {
    add_clip("a.mp4");
    services_.fates["Task0"].never_ends = true;
    for (bool const is_gone : {false, true}) {
        auto const began = clock_.now();
        bool is_working = false;
        services_.before = [&](std::string const& key) -> std::optional<tests::Answer> {
            is_working = is_working || key == "POST /jobs/LinuxFFmpegJob/addtaskcollection";
            if (!is_working || key != "GET /jobs/LinuxFFmpegJob") return std::nullopt;
            if (is_gone) return tests::batch_error(404, "JobNotFound");
            return tests::answer(200, R"({"id": "LinuxFFmpegJob", "state": "completed"})");
        };

        EXPECT_EQ(run(), ExitStatus::unreachable);

        EXPECT_THAT(err_.str(), HasSubstr(is_gone ? "Job [LinuxFFmpegJob] is gone" : "has ended"));
        EXPECT_THAT(err_.str(), HasSubstr("1 of 1 are missing"));
        EXPECT_LT(clock_.now() - began, options_.timeout);
    }
}

TEST_F(TranscodeTest, ALargeJobIsCountedBeforeItIsListed) {
    for (int i = 0; i < 1001; ++i)
        add_clip("clip" + std::to_string(i) + ".mp4");

    EXPECT_EQ(run(), ExitStatus::success);

    auto const asked = [this](std::string const& what) {
        return std::count_if(left_.log.begin(), left_.log.end(), [&](auto const& key) {
            return key == what;
        });
    };
    EXPECT_EQ(asked("GET /jobs/LinuxFFmpegJob/taskcounts"), 2);
    EXPECT_EQ(asked("GET /jobs/LinuxFFmpegJob/tasks"), 2);
    EXPECT_EQ(asked("POST /jobs/LinuxFFmpegJob/addtaskcollection"), 11);
}

TEST_F(TranscodeTest, AnInterruptedRunDeletesWhatItMade) {
    add_clip("a.mp4");
    services_.fates["Task0"].never_ends = true;
    waiter_.stop_at_once = true;

    EXPECT_EQ(run(), ExitStatus::interrupted);

    EXPECT_FALSE(left_.pool);
    EXPECT_FALSE(left_.job);
    EXPECT_TRUE(left_.containers.empty());
    EXPECT_THAT(out_.str(), HasSubstr("Deleting pool [LinuxFFmpegPool]..."));
    EXPECT_THAT(out_.str(), Not(HasSubstr("Delete pool?")));
}

TEST_F(TranscodeTest, KeepsWhatItIsTold) {
    add_clip("a.mp4");
    options_.job = Keep::yes;
    options_.pool = Keep::yes;

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_TRUE(left_.pool);
    EXPECT_TRUE(left_.job);
    EXPECT_THAT(out_.str(), Not(HasSubstr("Delete job?")));
}

TEST_F(TranscodeTest, DeletesOnlyWhatIsAgreedTo) {
    add_clip("a.mp4");
    options_.answer = Answer::ask;
    typed_.lines = {"n", ""};

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_TRUE(left_.job);
    EXPECT_FALSE(left_.pool);
}

TEST_F(TranscodeTest, CtrlCAtAQuestionLeavesWhatWasNotAgreedTo) {
    add_clip("a.mp4");
    options_.answer = Answer::ask;
    typed_.on_end = [this] { stop_.request_stop(); };

    EXPECT_EQ(run(), ExitStatus::interrupted);

    EXPECT_TRUE(left_.job);
    EXPECT_TRUE(left_.pool);
    EXPECT_TRUE(left_.containers.contains("output"));
    EXPECT_THAT(out_.str(), HasSubstr("Job [LinuxFFmpegJob] is kept."));
    EXPECT_THAT(out_.str(), HasSubstr("Pool [LinuxFFmpegPool] is kept; its nodes cost money"));
    EXPECT_THAT(out_.str(), Not(HasSubstr("Delete pool?")));
}

TEST_F(TranscodeTest, CtrlCAtTheSecondQuestionHeedsTheFirstAnswer) {
    add_clip("a.mp4");
    options_.answer = Answer::ask;
    typed_.lines = {"y"};
    typed_.on_end = [this] { stop_.request_stop(); };

    EXPECT_EQ(run(), ExitStatus::interrupted);

    EXPECT_FALSE(left_.job);
    EXPECT_TRUE(left_.pool);
    EXPECT_TRUE(left_.containers.contains("output"));
    EXPECT_THAT(out_.str(), Not(HasSubstr("Job [LinuxFFmpegJob] is kept.")));
}

TEST_F(TranscodeTest, UsesAPoolThatExistsAndKeepsIt) {
    add_clip("a.mp4");
    services_.pool = nlohmann::json{{"id", "LinuxFFmpegPool"}, {"state", "active"}};

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_THAT(out_.str(), HasSubstr("Pool [LinuxFFmpegPool] exists already and is used as it is."));
    EXPECT_TRUE(left_.pool);
    EXPECT_FALSE(left_.job);
}

TEST_F(TranscodeTest, AnOutputFolderThatCannotBeWrittenToEndsTheRunBeforeItBegins) {
    add_clip("a.mp4");
    options_.output = "/proc/self";  // nobody makes files there, not even root

    EXPECT_EQ(run(), ExitStatus::usage);

    EXPECT_TRUE(left_.log.empty());
    EXPECT_THAT(err_.str(), HasSubstr("give another folder for --output"));
}

TEST_F(TranscodeTest, ARefusedKeySaysWhereItCameFrom) {
    add_clip("a.mp4");
    services_.before = [](std::string const& key) -> std::optional<tests::Answer> {
        if (key != "POST /pools") return std::nullopt;
        return tests::batch_error(403, "AuthenticationFailed");
    };

    EXPECT_EQ(run(), ExitStatus::usage);

    EXPECT_THAT(
        err_.str(),
        HasSubstr("The credential comes from emulator default and the account is devbatchaccount1")
    );
    EXPECT_TRUE(left_.containers.empty());
}

TEST_F(TranscodeTest, SurvivesLostConnectionsAndThrottling) {
    add_clip("a.mp4");
    services_.before = [count = 0](std::string const&) mutable -> std::optional<tests::Answer> {
        switch (++count % 3) {
            case 1:
                return tests::lost(http::TransportFault::interrupted);
            case 2:
                return tests::answer(503, {}, {{"Retry-After", "1"}});
            default:
                return std::nullopt;
        }
    };

    EXPECT_EQ(run(), ExitStatus::success);
    EXPECT_TRUE(fs::exists(options_.output / "a.mp3"));
}

TEST_F(TranscodeTest, WithJsonOneDocumentIsOnStandardOutput) {
    add_clip("a.mp4");
    add_clip("bad.mp4");
    services_.fates["Task1"] = {
        .exit_code = 2, .stderr_text = "no\xFFgood", .never_ends = false, .leaves_no_result = false};
    options_.form = OutputForm::json;

    EXPECT_EQ(run(), ExitStatus::task_failed);

    auto const json = nlohmann::json::parse(out_.str());
    EXPECT_EQ(json["exitStatus"], 1);
    EXPECT_EQ(json["succeeded"], 1);
    EXPECT_EQ(json["failed"], 1);
    EXPECT_EQ(json["tasks"][0]["outputBytes"], 12);
    EXPECT_EQ(json["tasks"][1]["exitCode"], 2);
    EXPECT_THAT(err_.str(), HasSubstr("Uploading file a.mp4"));
}

TEST_F(TranscodeTest, AFileWithAnAwkwardNameComesBackUnderIts) {
    add_clip("it's \"50%\" $HOME [1].mp4");

    EXPECT_EQ(run(), ExitStatus::success);

    EXPECT_EQ(left_.tasks.at(0)["commandLine"], R"(/bin/bash -c "ffmpeg -i Task0.mp4 Task0-result.mp3")");
    EXPECT_EQ(read(options_.output / "it's \"50%\" $HOME [1].mp3"), "MP3 of Task0.mp4");
}

}  // namespace
}  // namespace bluebatch::cli
