// The two transcoders as the node uses them: the real library, the real worker, real files.
#include "emulator/ffmpeg/transcoder.hpp"

#include "emulator/ffmpeg/installation.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <libavutil/version.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace bluebatch::emulator::ffmpeg {
namespace {

namespace fs = std::filesystem;

fs::path const kMedia = BLUEBATCH_TEST_MEDIA;

std::string read_file(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

// A task's directory with its standard streams.
class TaskDirectory {
public:
    TaskDirectory() {
        std::string pattern = (fs::temp_directory_path() / "bluebatch-media-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
        stdout_ = ::open((path_ / "stdout.txt").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
        stderr_ = ::open((path_ / "stderr.txt").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
        fs::create_directory(path_ / "wd");
    }
    ~TaskDirectory() {
        ::close(stdout_);
        ::close(stderr_);
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TaskDirectory(TaskDirectory const&) = delete;
    TaskDirectory& operator=(TaskDirectory const&) = delete;

    TranscodeJob job(std::vector<std::string> arguments) const {
        return {std::move(arguments), path_ / "wd", stdout_, stderr_};
    }
    fs::path file(std::string const& name) const { return path_ / "wd" / name; }
    std::string standard_error() const { return read_file(path_ / "stderr.txt"); }
    std::string standard_output() const { return read_file(path_ / "stdout.txt"); }

private:
    fs::path path_;
    int stdout_ = -1;
    int stderr_ = -1;
};

enum class Kind { in_process, isolated };

class TranscoderTest : public testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        if (GetParam() == Kind::in_process) {
            auto const library = find_media_library();
            ASSERT_TRUE(library) << library.error().message;
            transcoder_ = make_in_process_transcoder(*library);
        } else {
            auto const program = find_ffmpeg_program();
            ASSERT_TRUE(program) << program.error().message;
            transcoder_ = make_isolated_transcoder(*program);
        }
    }

    int run(TaskDirectory const& task, std::vector<std::string> arguments) {
        return transcoder_->run(task.job(std::move(arguments)), {});
    }
    static std::string media(std::string const& name) { return (kMedia / name).string(); }

    std::unique_ptr<Transcoder> transcoder_;
};

TEST_P(TranscoderTest, ConvertsRelativeToTheWorkingDirectory) {
    TaskDirectory const task;
    fs::copy_file(media("short-stereo-44100.mp4"), task.file("in put.mp4"));

    EXPECT_EQ(run(task, {"-i", "in put.mp4", "out.mp3"}), 0) << task.standard_error();

    EXPECT_GT(fs::file_size(task.file("out.mp3")), 10'000U);
    EXPECT_NE(task.standard_error().find("Output #0, mp3, to 'out.mp3':"), std::string::npos)
        << task.standard_error();
    EXPECT_NE(task.standard_error().find("time=00:00:0"), std::string::npos) << task.standard_error();
    EXPECT_EQ(task.standard_output(), "");
}

TEST_P(TranscoderTest, WritesToTheTasksStandardOutput) {
    TaskDirectory const task;

    EXPECT_EQ(run(task, {"-i", media("sound.wav"), "-f", "s16le", "-"}), 0) << task.standard_error();

    EXPECT_EQ(task.standard_output().size(), 3U * 22050U * 2U);
}

// The ffmpeg of 6.1 and newer tells the error by its exit code.
constexpr bool kTellsError = LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 0);

TEST_P(TranscoderTest, SaysWhatIsWrong) {
    constexpr int kMissing = kTellsError ? 254 : 1;
    constexpr int kInvalidData = kTellsError ? 183 : 1;
    constexpr int kInvalidArgument = kTellsError ? 234 : 1;
    struct Case {
        std::vector<std::string> arguments;
        char const* message;
        int exit_code;
    };
    Case const cases[] = {
        {{"-i", "nowhere.mp4", "out.mp3"}, "nowhere.mp4: No such file or directory", kMissing},
        {{"-i", media("broken/text.mp4"), "out.mp3"}, "Invalid data found when processing", kInvalidData},
        {{"-i", media("broken/empty.mp4"), "out.mp3"}, "Invalid data found when processing", kInvalidData},
        {{"-i", media("broken/truncated.mp4"), "out.mp3"}, "moov atom not found", kInvalidData},
        {{"-i", media("only-picture.mp4"), "out.mp3"},
         "Output file #0 does not contain any stream",
         kInvalidArgument},
        {{"-i", media("sound.wav"), "no/folder/out.mp3"}, "No such file or directory", kMissing},
    };
    for (Case const& wrong : cases) {
        TaskDirectory const task;
        EXPECT_EQ(run(task, wrong.arguments), wrong.exit_code) << wrong.message;
        EXPECT_NE(task.standard_error().find(wrong.message), std::string::npos) << task.standard_error();
    }
}

TEST_P(TranscoderTest, DoesNotOverwriteWithoutBeingTold) {
    TaskDirectory const task;
    std::ofstream(task.file("out.mp3")) << "precious";

    EXPECT_EQ(run(task, {"-i", media("sound.wav"), "out.mp3"}), kTellsError ? 0 : 1);
    EXPECT_EQ(read_file(task.file("out.mp3")), "precious");
    EXPECT_EQ(run(task, {"-y", "-i", media("sound.wav"), "out.mp3"}), 0);
    EXPECT_NE(read_file(task.file("out.mp3")), "precious");
}

TEST_P(TranscoderTest, NamesTheOptionItDoesNotHave) {
    EXPECT_EQ(transcoder_->unsupported_option({"-i", "in.mp4", "-q:a", "2", "out.mp3"}), std::nullopt);
    EXPECT_EQ(
        transcoder_->unsupported_option({"-i", "in.mp4", "-id3v2_version", "3", "out.mp3"}), std::nullopt
    );
    EXPECT_EQ(
        transcoder_->unsupported_option({"-i", "a.mp4", "-filter_complex", "amix", "out.mp3"}),
        "filter_complex"
    );
    EXPECT_EQ(transcoder_->unsupported_option({"-i", "a.mp4", "-frobnicate", "7", "out.mp3"}), "frobnicate");
    EXPECT_EQ(transcoder_->unsupported_option({"-f", "lavfi", "-i", "sine", "out.mp3"}), "f lavfi");
}

TEST_P(TranscoderTest, StopsWithinASecond) {
    TaskDirectory const task;
    std::stop_source stop;
    int code = 0;
    std::jthread runner([&] {
        // Hours of work, were it not stopped.
        code = transcoder_->run(
            task.job(
                {"-i",
                 media("two-minutes.mp4"),
                 "-vf",
                 "scale=1920:1080,tmix=frames=64",
                 "-preset",
                 "veryslow",
                 "-c:a",
                 "copy",
                 "out.mp4"}
            ),
            stop.get_token()
        );
    });
    auto const patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (task.standard_error().find("frame=") == std::string::npos &&
           std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));

    auto const stopped = std::chrono::steady_clock::now();
    stop.request_stop();
    runner.join();

    EXPECT_LT(std::chrono::steady_clock::now() - stopped, std::chrono::seconds(1));
    EXPECT_EQ(code, 255);
}

TEST_P(TranscoderTest, StopsBeforeItBegins) {
    TaskDirectory const task;
    std::stop_source stop;
    stop.request_stop();

    EXPECT_EQ(transcoder_->run(task.job({"-i", media("two-minutes.mp4"), "out.mp3"}), stop.get_token()), 255);
}

TEST_P(TranscoderTest, RunsManyAtOnceEachWithItsOwnLines) {
    constexpr int kThreads = 8;
    TaskDirectory const alone;
    ASSERT_EQ(run(alone, {"-i", media("stereo-48000.mp4"), "out.mp3"}), 0);
    std::string const expected = read_file(alone.file("out.mp3"));
    std::vector<std::unique_ptr<TaskDirectory>> tasks;
    for (int i = 0; i < kThreads; ++i)
        tasks.push_back(std::make_unique<TaskDirectory>());

    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&, i] {
                std::string const name = "out" + std::to_string(i) + ".mp3";
                EXPECT_EQ(
                    run(*tasks[static_cast<std::size_t>(i)],
                        {"-i", media("stereo-48000.mp4"), "-threads", "2", name}),
                    0
                );
            });
        }
    }

    for (int i = 0; i < kThreads; ++i) {
        TaskDirectory const& task = *tasks[static_cast<std::size_t>(i)];
        EXPECT_EQ(read_file(task.file("out" + std::to_string(i) + ".mp3")), expected);
        for (int other = 0; other < kThreads; ++other) {
            bool const mentioned =
                task.standard_error().find("out" + std::to_string(other) + ".mp3") != std::string::npos;
            EXPECT_EQ(mentioned, other == i) << task.standard_error();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Both,
    TranscoderTest,
    testing::Values(Kind::in_process, Kind::isolated),
    [](auto const& instance) { return instance.param == Kind::in_process ? "InProcess" : "Isolated"; }
);

TEST(InProcessTranscoder, LeavesToAProcessWhatOpensFilesByItself) {
    auto const library = find_media_library();
    ASSERT_TRUE(library);
    auto const transcoder = make_in_process_transcoder(*library);

    EXPECT_EQ(
        transcoder->unsupported_option({"-i", "a.mp4", "-vf", "scale=10:10,subtitles=a.srt", "o.mp4"}),
        "filter subtitles"
    );
    EXPECT_EQ(transcoder->unsupported_option({"-f", "concat", "-i", "list.txt", "o.mp4"}), "f concat");
    EXPECT_EQ(transcoder->unsupported_option({"-i", "concat:a.mp3|b.mp3", "o.mp3"}), "concat:a.mp3|b.mp3");
    EXPECT_EQ(transcoder->unsupported_option({"-i", "/dev/stdin", "o.mp3"}), "/dev/stdin");
    EXPECT_EQ(
        transcoder->unsupported_option({"-i", "a.mp4", "-vf", "scale=10:10", "-af", "volume=2", "o.mp4"}),
        std::nullopt
    );
}

TEST(InProcessTranscoder, FailsTheTaskWhenTheLibraryIsMissing) {
    TaskDirectory const task;
    auto const transcoder = make_in_process_transcoder("/nowhere/libbluebatch-media.so");

    EXPECT_EQ(transcoder->run(task.job({"-i", "a", "b.mp3"}), {}), 1);
    EXPECT_NE(task.standard_error().find("cannot load the media library"), std::string::npos);
}

TEST(IsolatedTranscoder, FailsTheTaskWhenTheProgramIsMissing) {
    TaskDirectory const task;
    auto const transcoder = make_isolated_transcoder("/nowhere/bluebatch-ffmpeg");

    EXPECT_EQ(transcoder->run(task.job({"-i", "a", "b.mp3"}), {}), 1);
    EXPECT_NE(task.standard_error().find("cannot start /nowhere/bluebatch-ffmpeg"), std::string::npos);
}

// The process ids of the children of a process.
std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    std::ifstream stream("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
    for (pid_t child = 0; stream >> child;)
        children.push_back(child);
    return children;
}

TEST(IsolatedTranscoder, SurvivesTheDeathOfAJobAndOfTheWorker) {
    auto const program = find_ffmpeg_program();
    ASSERT_TRUE(program);
    auto const transcoder = make_isolated_transcoder(*program);
    transcoder->warm_up();
    auto const workers = children_of(::getpid());
    ASSERT_EQ(workers.size(), 1U);
    std::vector<std::string> const endless{
        "-i",
        (kMedia / "two-minutes.mp4").string(),
        "-vf",
        "scale=1920:1080",
        "-preset",
        "veryslow",
        "out.mp4"};
    TaskDirectory const task;
    int code = 0;
    std::jthread runner([&] { code = transcoder->run(task.job(endless), {}); });
    auto const patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::vector<pid_t> jobs;
    while ((jobs = children_of(workers.front())).empty() && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_EQ(jobs.size(), 1U);

    ::kill(jobs.front(), SIGKILL);
    runner.join();

    EXPECT_EQ(code, -SIGKILL);
    EXPECT_NE(task.standard_error().find("ended by signal 9"), std::string::npos) << task.standard_error();

    ::kill(workers.front(), SIGKILL);
    TaskDirectory const next;
    EXPECT_EQ(transcoder->run(next.job({"-i", (kMedia / "sound.wav").string(), "out.mp3"}), {}), 0)
        << next.standard_error();
}

}  // namespace
}  // namespace bluebatch::emulator::ffmpeg
