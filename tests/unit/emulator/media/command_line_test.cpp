#include "emulator/media/options/command_line.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::media::options {
namespace {

// Stands for libav*: knows a few AVOptions.
AvOption find_some(std::string_view name) {
    AvOption option;
    std::string_view const stripped = name_of(name);
    option.codec = stripped == "crf" || stripped == "preset" || stripped == "threads" || stripped == "flags";
    option.format = name == "movflags" || name == "id3v2_version";
    option.is_flags = stripped == "flags" || name == "movflags";
    return option;
}

base::Result<CommandLine, CommandLineError> parse(std::vector<std::string> const& arguments) {
    return parse_command_line(arguments, find_some);
}

std::string shown(Setting const& setting) {
    return setting.name + ":" + setting.specifier + "=" + setting.value;
}

TEST(ParseCommandLine, GivesOptionsToTheFileThatFollows) {
    auto const line = parse({"-y", "-ss", "3", "-i", "in.mp4", "-vn", "-b:a", "128k", "out.mp3"});

    ASSERT_TRUE(line);
    ASSERT_EQ(line->inputs.size(), 1U);
    ASSERT_EQ(line->outputs.size(), 1U);
    EXPECT_EQ(line->inputs[0].url, "in.mp4");
    EXPECT_EQ(*find_setting(line->inputs[0].settings, "ss"), "3");
    EXPECT_TRUE(is_set(line->outputs[0].settings, "vn"));
    EXPECT_FALSE(is_set(line->inputs[0].settings, "vn"));
    EXPECT_STREQ(line->outputs[0].codec.find("b:a"), "128k");
    EXPECT_TRUE(is_set(line->global, "y"));
}

TEST(ParseCommandLine, TellsAliasesByTheirMainName) {
    auto const line = parse(
        {"-i",
         "a",
         "-acodec",
         "aac",
         "-codec:v",
         "copy",
         "-vf",
         "null",
         "-af",
         "anull",
         "-aq",
         "2",
         "-qscale:a",
         "3",
         "-vframes",
         "5",
         "-ab",
         "96k",
         "b"}
    );

    ASSERT_TRUE(line);
    std::vector<std::string> settings;
    for (Setting const& setting : line->outputs[0].settings)
        settings.push_back(shown(setting));
    EXPECT_EQ(
        settings,
        (std::vector<std::string>{
            "c:a=aac", "c:v=copy", "filter:v=null", "filter:a=anull", "q:a=2", "q:a=3", "frames:v=5"})
    );
    EXPECT_STREQ(line->outputs[0].codec.find("b:a"), "96k");
}

TEST(ParseCommandLine, WarnsOfWhatIsAmbiguous) {
    auto const line = parse({"-i", "a", "-b", "1M", "-qscale", "3", "b"});

    ASSERT_TRUE(line);
    EXPECT_EQ(
        line->warnings,
        (std::vector<std::string>{
            "Please use -b:a or -b:v, -b is ambiguous", "Please use -q:a or -q:v, -qscale is ambiguous"})
    );
    EXPECT_STREQ(line->outputs[0].codec.find("b:v"), "1M");
}

TEST(ParseCommandLine, PassesAvOptionsToTheirLayers) {
    auto const line = parse({"-i", "a", "-crf:v", "23", "-id3v2_version", "3", "b"});

    ASSERT_TRUE(line);
    EXPECT_STREQ(line->outputs[0].codec.find("crf:v"), "23");
    EXPECT_STREQ(line->outputs[0].format.find("id3v2_version"), "3");
}

TEST(ParseCommandLine, AddsUpFlags) {
    auto const line = parse({"-i", "a", "-movflags", "+faststart", "-movflags", "+frag_keyframe", "b"});

    ASSERT_TRUE(line);
    EXPECT_STREQ(line->outputs[0].format.find("movflags"), "+faststart+frag_keyframe");
}

TEST(ParseCommandLine, KnowsTheNegativeOfAFlag) {
    auto const line = parse({"-nostdin", "-nostats", "-noaccurate_seek", "-i", "a", "b"});

    ASSERT_TRUE(line);
    EXPECT_FALSE(is_set(line->global, "stdin", true));
    EXPECT_FALSE(is_set(line->global, "stats", true));
    EXPECT_FALSE(is_set(line->inputs[0].settings, "accurate_seek", true));
}

TEST(ParseCommandLine, TakesAnythingAfterTwoDashesForAFile) {
    auto const line = parse({"-i", "a", "--", "-odd.mp3"});

    ASSERT_TRUE(line);
    EXPECT_EQ(line->outputs[0].url, "-odd.mp3");
}

TEST(ParseCommandLine, TakesALoneDashForAFile) {
    auto const line = parse({"-i", "-", "-f", "wav", "-"});

    ASSERT_TRUE(line);
    EXPECT_EQ(line->inputs[0].url, "-");
    EXPECT_EQ(line->outputs[0].url, "-");
}

TEST(ParseCommandLine, ReadsSeveralInputsAndOutputs) {
    auto const line = parse({"-i", "a", "-i", "b", "-vn", "c", "-an", "d"});

    ASSERT_TRUE(line);
    EXPECT_EQ(line->inputs.size(), 2U);
    ASSERT_EQ(line->outputs.size(), 2U);
    EXPECT_TRUE(is_set(line->outputs[1].settings, "an"));
    EXPECT_FALSE(is_set(line->outputs[1].settings, "vn"));
}

TEST(ParseCommandLine, NamesAnOptionThatWeDoNotHave) {
    // -stats_enc_pre and -filter_complex are ffmpeg's, -frobnicate nobody's.
    for (char const* const option : {"filter_complex", "frobnicate", "map_channel", "copyts", "shortest"}) {
        auto const line = parse({"-i", "a", std::string("-") + option, "x", "b"});

        ASSERT_FALSE(line) << option;
        EXPECT_TRUE(line.error().unsupported) << option;
        EXPECT_EQ(line.error().option, option);
    }
}

TEST(ParseCommandLine, RefusesAnOptionWithoutItsValue) {
    auto const line = parse({"-i", "a", "-b:a"});

    ASSERT_FALSE(line);
    EXPECT_FALSE(line.error().unsupported);
    EXPECT_EQ(line.error().message, "Missing argument for option 'b:a'.");
}

TEST(ParseCommandLine, RefusesAnOptionOnTheWrongSide) {
    EXPECT_FALSE(parse({"-map", "0", "-i", "a", "b"}));
    EXPECT_FALSE(parse({"-i", "a", "-sseof", "-3", "b"}));
}

}  // namespace
}  // namespace bluebatch::emulator::media::options
