#include "client/cli/console.hpp"

#include "client/cli/emulator_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <sys/stat.h>

#include <array>
#include <fstream>
#include <sstream>
#include <thread>

namespace bluebatch::cli {
namespace {

using ::testing::HasSubstr;

class NobodyTypes final : public LineReader {
public:
    std::optional<std::string> read_line(std::stop_token) override { return next; }
    std::optional<std::string> next;
};

class ConsoleTest : public ::testing::Test {
protected:
    Console make(OutputForm form, Device device = Device::plain) {
        return {{out_, err_, typed_, device, device, false}, form};
    }
    std::ostringstream out_, err_;
    NobodyTypes typed_;
};

TEST_F(ConsoleTest, LinesForPeopleMakeRoomForJson) {
    auto console = make(OutputForm::json);
    console.line("Creating pool");
    console.json("{}");
    EXPECT_EQ(out_.str(), "{}\n");
    EXPECT_EQ(err_.str(), "Creating pool\n");
}

TEST_F(ConsoleTest, AStatusIsOnlyForTerminals) {
    auto plain = make(OutputForm::text);
    plain.status("50 %");
    EXPECT_EQ(out_.str(), "");
    auto terminal = make(OutputForm::text, Device::terminal);
    terminal.status("50 %");
    terminal.line("done");
    EXPECT_EQ(out_.str(), "50 %\r\x1b[Kdone\n50 %");
    EXPECT_THAT(out_.str(), HasSubstr("done"));
}

TEST_F(ConsoleTest, NoAnswerLosesNothing) {
    auto console = make(OutputForm::text, Device::terminal);
    EXPECT_FALSE(console.confirm_loss("Delete pool p?", {}));
    typed_.next = "";
    EXPECT_FALSE(console.confirm_loss("Delete pool p?", {}));
    typed_.next = "n";
    EXPECT_FALSE(console.confirm_loss("Delete pool p?", {}));
    typed_.next = " Yes";
    EXPECT_TRUE(console.confirm_loss("Delete pool p?", {}));
    EXPECT_THAT(err_.str(), HasSubstr("Delete pool p? [y/N] "));
    EXPECT_FALSE(console.can_ask());
}

TEST_F(ConsoleTest, AQuestionGoesToTheTerminalThatIsLeft) {
    Console console({out_, err_, typed_, Device::terminal, Device::plain, false, Device::terminal}, {});
    EXPECT_TRUE(console.can_ask());
    typed_.next = "y";
    EXPECT_TRUE(console.confirm_loss("Delete pool p?", {}));
    EXPECT_EQ(out_.str(), "Delete pool p? [y/N] ");
    EXPECT_EQ(err_.str(), "");
    Console const nowhere({out_, err_, typed_, Device::plain, Device::plain, false, Device::terminal}, {});
    EXPECT_FALSE(nowhere.can_ask());
}

TEST_F(ConsoleTest, TellsWhetherAnybodyReads) {
    auto console = make(OutputForm::text);
    EXPECT_TRUE(console.write("a"));
    EXPECT_TRUE(console.has_reader());
    out_.setstate(std::ios::badbit);
    EXPECT_FALSE(console.write("b"));
    EXPECT_FALSE(console.has_reader());
    out_.clear();
    Console closed(
        {out_, err_, typed_, Device::plain, Device::plain, false, Device::plain, {}, [] { return false; }}, {}
    );
    EXPECT_FALSE(closed.has_reader());
}

TEST_F(ConsoleTest, NoAnswerMeansYes) {
    auto console = make(OutputForm::text);
    EXPECT_TRUE(console.confirm("Delete job?", Answer::ask, {}));
    typed_.next = "";
    EXPECT_TRUE(console.confirm("Delete job?", Answer::ask, {}));
    typed_.next = "No";
    EXPECT_FALSE(console.confirm("Delete job?", Answer::ask, {}));
    EXPECT_TRUE(console.confirm("Delete job?", Answer::yes, {}));
    EXPECT_THAT(out_.str(), ::testing::StartsWith("Delete job? [Y/n] "));
}

TEST(DescriptorLineReader, ReadsOneLineAtATime) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ASSERT_EQ(::write(ends[1], "yes\nno\nlast", 11), 11);
    ::close(ends[1]);
    DescriptorLineReader reader(ends[0]);
    EXPECT_EQ(reader.read_line({}), "yes");
    EXPECT_EQ(reader.read_line({}), "no");
    EXPECT_EQ(reader.read_line({}), "last");
    EXPECT_EQ(reader.read_line({}), std::nullopt);
    ::close(ends[0]);
}

TEST(DescriptorLineReader, AStopEndsTheWait) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    DescriptorLineReader reader(ends[0]);
    std::stop_source source;
    std::jthread const stopper([&source] { source.request_stop(); });
    EXPECT_EQ(reader.read_line(source.get_token()), std::nullopt);
    ::close(ends[0]);
    ::close(ends[1]);
}

// A program that does what a script says, in place of the emulator.
std::filesystem::path make_program(std::filesystem::path const& folder, std::string const& script) {
    auto const path = folder / "program";
    std::ofstream(path) << "#!/bin/sh\n" << script;
    ::chmod(path.c_str(), 0700);
    return path;
}

TEST(EmulatorProcess, IsReadyOnceItsEndpointsAreWritten) {
    tests::TemporaryDirectory const folder;
    auto const program = make_program(
        folder.path(),
        "while [ \"$1\" != --endpoints-file ]; do shift; done\n"
        "echo '{\"blob\":\"http://b\",\"batch\":\"http://c\"}' > \"$2.new\" && mv \"$2.new\" \"$2\"\nexec "
        "sleep 60\n"
    );
    pid_t pid = 0;
    {
        auto const process = EmulatorProcess::start(program, {});
        ASSERT_TRUE(process) << process.error().message;
        EXPECT_EQ(process->endpoints().batch, "http://c");
        pid = process->pid();
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_NE(::kill(pid, 0), 0);
}

TEST(EmulatorProcess, ShowsWhatItSaidWhenItDoesNotStart) {
    tests::TemporaryDirectory const folder;
    auto const process =
        EmulatorProcess::start(make_program(folder.path(), "echo no room left; exit 1\n"), {});
    ASSERT_FALSE(process);
    EXPECT_THAT(process.error().message, HasSubstr("no room left"));
}

TEST(EmulatorProcess, APatientWaitCanBeInterrupted) {
    tests::TemporaryDirectory const folder;
    std::stop_source source;
    source.request_stop();
    EXPECT_FALSE(EmulatorProcess::start(make_program(folder.path(), "exec sleep 60\n"), source.get_token()));
}

}  // namespace
}  // namespace bluebatch::cli
