#include "client/cli/transcode/plan.hpp"

#include "client/cli/pace.hpp"
#include "client/cli/progress.hpp"
#include "client/cli/transcode/quoting.hpp"
#include "client/cli/transcode/results.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace bluebatch::cli::transcode {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(WrapInBash, KeepsAPlainCommandReadable) {
    EXPECT_EQ(wrap_in_bash(" ffmpeg -i a.mp4 a.mp3 "), R"(/bin/bash -c "ffmpeg -i a.mp4 a.mp3")");
}

TEST(WrapInBash, ChoosesTheQuotesThatTheCommandDoesNotUse) {
    EXPECT_EQ(
        wrap_in_bash(R"(ffmpeg -metadata title="a b" x)"), R"(/bin/bash -c 'ffmpeg -metadata title="a b" x')"
    );
    EXPECT_EQ(
        wrap_in_bash("ffmpeg -metadata title='a b' x"), R"(/bin/bash -c "ffmpeg -metadata title='a b' x")"
    );
}

TEST(WrapInBash, EscapesWhenBothQuotesAreUsed) {
    EXPECT_EQ(wrap_in_bash(R"(echo "it's" \n)"), R"(/bin/bash -c "echo \"it's\" \\n")");
}

TEST(WrapInBash, LeavesWhatNamesAShell) {
    EXPECT_EQ(wrap_in_bash("/bin/sh -c 'x'"), "/bin/sh -c 'x'");
    EXPECT_EQ(wrap_in_bash("cmd /c x"), "cmd /c x");
}

TEST(FillIn, ReplacesEveryPlaceholder) {
    EXPECT_EQ(fill_in("cp {input} t && f {input} {output}", "i", "o"), "cp i t && f i o");
    EXPECT_EQ(fill_in("a {input} > {output}", "x.mp4", "x.mp3"), "a x.mp4 > x.mp3");
}

TEST(IsPlainName, OnlyWhatAShellAndAPatternTakeAsIs) {
    EXPECT_TRUE(is_plain_name("clip_1-2.mp4"));
    EXPECT_TRUE(
        is_plain_name("\xC3\xBC"
                      "ber.mp4")
    );
    for (auto const* const name :
         {"a b.mp4", "it's.mp4", "a\"b", "a$b", "a*b", "[a]", "a?b", "a\\b", "-a",   ".a", "a;b", "a&b",
          "a|b",     "a>b",      "(a)",  "{a}", "a`b", "a!b", "~a",  "#a",   "a\nb", "",   "\xFF"}) {
        EXPECT_FALSE(is_plain_name(name)) << name;
    }
}

TEST(IsBlobName, NotWhatTheServiceWouldChange) {
    EXPECT_TRUE(is_blob_name("a b'\"$%.mp4"));
    for (auto const* const name : {"a.", "a\\b", "a\tb", "\xFF", ""})
        EXPECT_FALSE(is_blob_name(name)) << name;
}

class PlanTest : public ::testing::Test {
protected:
    PlanTest() {
        options_.input = folder_.path() / "in";
        options_.output = folder_.path() / "out";
        fs::create_directories(options_.input);
        fs::create_directories(options_.output);
    }
    void add(std::string const& name) { std::ofstream(options_.input / name) << "film"; }
    InputFiles find() { return *find_input_files(options_.input, options_.pattern); }
    base::Result<Plan> plan() { return make_plan(options_, find().files, "this-run"); }

    tests::TemporaryDirectory folder_;
    TranscodeOptions options_;
};

TEST_F(PlanTest, TakesMediaFilesInOrderOfTheirNames) {
    for (auto const* const name : {"b.mp4", "a.MOV", "notes.txt", ".hidden.mp4"})
        add(name);
    fs::create_directory(options_.input / "folder.mp4");

    auto const found = find();

    ASSERT_EQ(found.files.size(), 2U);
    EXPECT_EQ(found.files[0].path.filename(), "a.MOV");
    EXPECT_EQ(found.files[0].size, 4U);
    EXPECT_THAT(found.skipped, ::testing::ElementsAre("notes.txt"));
}

TEST_F(PlanTest, APatternChoosesAnything) {
    add("a.mp4");
    add("b.dat");
    options_.pattern = "*.dat";
    EXPECT_EQ(find().files.size(), 1U);
}

TEST_F(PlanTest, TakesASingleFile) {
    add("a.mp4");
    EXPECT_EQ(find_input_files(options_.input / "a.mp4", "")->files.size(), 1U);
}

TEST_F(PlanTest, AnEmptyFolderSaysWhatToDo) {
    add("notes.txt");
    auto const found = find_input_files(options_.input, "");
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, HasSubstr("--pattern"));
}

TEST_F(PlanTest, NamesTasksAndResults) {
    add("a.mp4");
    options_.container_prefix = "ci-";

    auto const made = plan();

    ASSERT_TRUE(made);
    EXPECT_EQ(made->input_container, "ci-input");
    auto const& conversion = made->conversions.at(0);
    EXPECT_EQ(conversion.task_id, "Task0");
    EXPECT_EQ(conversion.result, options_.output / "a.mp3");
    EXPECT_EQ(conversion.input_blob, "this-run/a.mp4");
    EXPECT_EQ(conversion.staged_input, "a.mp4");
    EXPECT_EQ(conversion.output_blob, "this-run/a.mp3");
    EXPECT_EQ(conversion.command_line, R"(/bin/bash -c "ffmpeg -i a.mp4 a.mp3")");
}

TEST_F(PlanTest, ResultsThatWouldClashKeepTheirExtension) {
    add("a.mov");
    add("a.mp4");
    auto const made = plan();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->conversions[0].result.filename(), "a.mov.mp3");
    EXPECT_EQ(made->conversions[1].result.filename(), "a.mp4.mp3");
}

TEST_F(PlanTest, ARunNeverReplacesItsInput) {
    add("a.mp3");
    options_.output = options_.input;
    auto const made = plan();
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("would replace itself"));
}

TEST_F(PlanTest, TheSameNameIsStagedApart) {
    add("a.mp4");
    options_.extension = ".mp4";
    auto const made = plan();
    ASSERT_TRUE(made);
    EXPECT_EQ(made->conversions[0].staged_input, "a.mp4");
    EXPECT_EQ(made->conversions[0].staged_output, "Task0-result.mp4");
    EXPECT_EQ(made->conversions[0].output_blob, "this-run/a.mp4");
}

TEST(PollDelay, GrowsWhileNothingHappensAndStartsOver) {
    auto const pace = pace_for("http://127.0.0.1:10003");
    PollDelay delay(pace);
    auto const first = delay.next();
    EXPECT_EQ(first, std::chrono::milliseconds(20));
    for (int i = 0; i < 40; ++i)
        delay.next();
    EXPECT_EQ(delay.next(), std::chrono::seconds(1));
    delay.restart();
    EXPECT_EQ(delay.next(), first);
}

TEST(PollDelay, GoesHalfTheWayToAnExpectedEnd) {
    using std::chrono::milliseconds;
    PollDelay delay(pace_for("http://127.0.0.1:10003"));
    delay.restart(milliseconds(3'000));
    EXPECT_EQ(delay.next(), milliseconds(200));
    delay.restart(milliseconds(100));
    EXPECT_EQ(delay.next(), milliseconds(50));
    EXPECT_EQ(delay.next(), milliseconds(62)) << "grows when nothing came";
    delay.restart(milliseconds(4));
    EXPECT_EQ(delay.next(), milliseconds(20));
}

TEST(PollDelay, AzureIsAskedLessOften) {
    auto const pace = pace_for("https://a.westeurope.batch.azure.com");
    EXPECT_EQ(pace.first, std::chrono::seconds(1));
    EXPECT_EQ(pace.longest, std::chrono::seconds(10));
}

TEST(LastLines, KeepsTheEnd) {
    EXPECT_EQ(last_lines("a\nb\nc\n", 2), "b\nc");
    EXPECT_EQ(last_lines("a", 2), "a");
    EXPECT_EQ(last_lines("\n\n", 2), "");
}

TEST(DescribeFailure, HidesTheSignatureOfASource) {
    client::Task task;
    task.failure = client::FailureInfo{
        "UserError",
        "BlobNotFound",
        "Not found.",
        {{"BlobSource", "https://a/b?sig=secret"}, {"FilePath", "b"}}};
    EXPECT_EQ(
        describe_failure(task),
        "it did not run (BlobNotFound: Not found.; BlobSource: https://a/b; FilePath: b)"
    );
}

TEST(DrawBar, ShowsTheShare) {
    EXPECT_EQ(draw_bar("Up", 0.5, "1/2"), "Up [==============>             ] 1/2");
    EXPECT_EQ(draw_bar("Up", 1.0, "2/2"), "Up [============================] 2/2");
}

}  // namespace
}  // namespace bluebatch::cli::transcode
