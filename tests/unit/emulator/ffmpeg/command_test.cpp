#include "emulator/ffmpeg/command.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::ffmpeg {
namespace {

using Words = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

Environment const kEnvironment{
    {"AZ_BATCH_TASK_WORKING_DIR", "/nodes/1/wd"},
    {"NAME", "low tide"},
    {"STAR", "*.mp4"},
    {"EMPTY", ""},
    {"QUALITY", "2"},
};

// The arguments, or nullopt when it is not just a conversion.
std::optional<Words> arguments_of(std::string_view command_line) {
    auto invocation = recognise(command_line, kEnvironment);
    if (!invocation) return std::nullopt;
    return std::move(invocation->arguments);
}

TEST(Recognise, TakesABareCommandAsItIs) {
    EXPECT_EQ(arguments_of("ffmpeg -i in.mp4 out.mp3"), (Words{"-i", "in.mp4", "out.mp3"}));
    EXPECT_EQ(
        arguments_of("  ffmpeg   -i \"my film.mp4\" 'my song.mp3'  "),
        (Words{"-i", "my film.mp4", "my song.mp3"})
    );
    EXPECT_EQ(arguments_of("/usr/bin/ffmpeg -i a b"), (Words{"-i", "a", "b"}));
    EXPECT_EQ(arguments_of("ffmpeg"), Words{});
}

// Batch: ENV-11, ENV-17
TEST(Recognise, ExpandsNoVariableWithoutAShell) {
    EXPECT_EQ(arguments_of("ffmpeg -i $NAME a;b|c"), (Words{"-i", "$NAME", "a;b|c"}));
}

// Batch: ENV-15
TEST(Recognise, LooksThroughOneShell) {
    Words const expected{"-i", "in.mp4", "out.mp3"};
    EXPECT_EQ(arguments_of("/bin/sh -c 'ffmpeg -i in.mp4 out.mp3'"), expected);
    EXPECT_EQ(arguments_of("/bin/bash -c \"ffmpeg -i in.mp4 out.mp3 \""), expected);
    EXPECT_EQ(arguments_of("bash -c \"ffmpeg -i in.mp4 out.mp3\n\""), expected);
    EXPECT_EQ(arguments_of("sh -c \"ffmpeg -i 'in.mp4' \\\"out.mp3\\\"\""), expected);
}

// Batch: ENV-17
TEST(Recognise, ExpandsVariablesAsTheShellDoes) {
    EXPECT_EQ(
        arguments_of("sh -c 'ffmpeg -i \"$NAME.mp4\" ${AZ_BATCH_TASK_WORKING_DIR}/o.mp3'"),
        (Words{"-i", "low tide.mp4", "/nodes/1/wd/o.mp3"})
    );
    // Unquoted values fall apart at blanks, single quotes keep the dollar sign, nothing leaves nothing.
    EXPECT_EQ(
        arguments_of("sh -c \"ffmpeg -i $NAME -q:a $QUALITY $EMPTY $UNSET '$NAME' out.mp3\""),
        (Words{"-i", "low", "tide", "-q:a", "2", "$NAME", "out.mp3"})
    );
    EXPECT_EQ(arguments_of("sh -c 'ffmpeg -i \"\" \"$EMPTY\" a\\ b'"), (Words{"-i", "", "", "a b"}));
    EXPECT_EQ(
        arguments_of("sh -c 'ffmpeg -metadata title=\"5 $ cheap\" -i a b'"),
        (Words{"-metadata", "title=5 $ cheap", "-i", "a", "b"})
    );
}

class NeedsAShell : public testing::TestWithParam<char const*> {};

TEST_P(NeedsAShell, SoItIsNotJustAConversion) {
    std::string const line = "/bin/sh -c '" + std::string(GetParam()) + "'";
    EXPECT_EQ(arguments_of(line), std::nullopt) << line;
}

INSTANTIATE_TEST_SUITE_P(
    Scripts,
    NeedsAShell,
    testing::Values(
        "ffmpeg -i a b && echo done",
        "ffmpeg -i a b; ls",
        "ffmpeg -i a b | cat",
        "ffmpeg -i a b > log",
        "ffmpeg -i a b 2>&1",
        "ffmpeg -i a b &",
        "ffmpeg -i *.mp4 b",
        "ffmpeg -i a? b",
        "ffmpeg -i [ab] b",
        "ffmpeg -i $(ls) b",
        "ffmpeg -i `ls` b",
        "ffmpeg -i ${NAME:-x} b",
        "ffmpeg -i $1 b",
        "ffmpeg -i $? b",
        "ffmpeg -i \"$(ls)\" b",
        "ffmpeg -i $((1+1)) b",
        "ffmpeg -i ~/a b",
        "ffmpeg -i {a,b} c",
        "ffmpeg -i $STAR b",
        "FOO=1 ffmpeg -i a b",
        "cd x && ffmpeg -i a b",
        "ffmpeg -i $PWD/a b",
        "ffmpeg -i a b # note",
        "ffmpeg -i a \"b",
        "time ffmpeg -i a b",
        "ffmpeg -i a b\nls",
        "./ffmpeg -i a b",
        "$AZ_BATCH_TASK_WORKING_DIR/ffmpeg -i a b",
        "",
        "ffprobe a",
        "(ffmpeg -i a b)",
        "ffmpeg -i $BASH_VERSION b",
        "! ffmpeg -i a b"
    )
);

TEST(Recognise, LeavesOtherProgramsAlone) {
    for (char const* const line :
         {"python3 convert.py",
          "./ffmpeg -i a b",
          "bash convert.sh",
          "sh -x -c 'ffmpeg -i a b'",
          "sh -c 'ffmpeg -i a b' name",
          "",
          "ffmpeg -i 'open",
          "ffmpeg2 -i a b",
          "cmd /k ffmpeg"})
        EXPECT_EQ(arguments_of(line), std::nullopt) << line;
}

// Batch: ENV-15
TEST(Recognise, ReadsTheCommandsOfWindowsPools) {
    Words const expected{"-i", "in.mp4", "out.mp3"};
    EXPECT_EQ(arguments_of("cmd /c ffmpeg -i in.mp4 out.mp3"), expected);
    EXPECT_EQ(
        arguments_of("cmd /c %AZ_BATCH_APP_PACKAGE_ffmpeg#4.4%\\ffmpeg-4.4-full_build\\bin\\ffmpeg.exe -i "
                     "in.mp4 out.mp3"),
        expected
    );
    EXPECT_EQ(arguments_of("cmd.exe /S /C \"ffmpeg.exe -i in.mp4 out.mp3\""), expected);
    EXPECT_EQ(
        arguments_of("cmd /c \"C:\\tools\\ffmpeg.exe\" -i \"my film.mp4\" \"my song.mp3\""),
        (Words{"-i", "my film.mp4", "my song.mp3"})
    );
    EXPECT_EQ(
        arguments_of("cmd /c ffmpeg -i %az_batch_task_working_dir%\\in.mp4 sub\\out.mp3"),
        (Words{"-i", "/nodes/1/wd/in.mp4", "sub/out.mp3"})
    );
    EXPECT_EQ(arguments_of("cmd /c ffmpeg -i in.mp4 out.mp3 && echo done"), std::nullopt);
    EXPECT_EQ(arguments_of("cmd /c copy a b"), std::nullopt);
}

// Batch: ENV-12
TEST(SplitCommandLine, GroupsWithQuotes) {
    EXPECT_EQ(split_command_line("a  'b c' \"d e\" f'g h'i"), (Words{"a", "b c", "d e", "fg hi"}));
    EXPECT_EQ(split_command_line("a '' \"\""), (Words{"a", "", ""}));
    EXPECT_EQ(split_command_line(""), Words{});
    EXPECT_EQ(split_command_line("echo \"say \\\"hi\\\"\" it\\'s"), (Words{"echo", "say \"hi\"", "it's"}));
}

TEST(SplitCommandLine, KeepsTheBackslashesOfWindows) {
    EXPECT_EQ(
        split_command_line("C:\\bin\\x.exe \\\\server\\share"), (Words{"C:\\bin\\x.exe", "\\\\server\\share"})
    );
}

TEST(SplitCommandLine, RefusesAnOpenQuote) {
    EXPECT_EQ(split_command_line("echo 'oh"), std::nullopt);
    EXPECT_EQ(split_command_line("echo \"oh"), std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::ffmpeg
