#include "emulator/media/ffmpeg.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::media {
namespace {

using Words = std::vector<std::string>;

std::optional<std::string> shared(Words const& arguments) {
    return find_unsupported(arguments, Surroundings::shared);
}
std::optional<std::string> own(Words const& arguments) {
    return find_unsupported(arguments, Surroundings::own);
}

TEST(FindUnsupported, TakesTheOptionsThatPeopleUse) {
    EXPECT_EQ(
        shared({"-y",        "-hide_banner", "-nostdin", "-loglevel",  "error",    "-i",
                "a.mp4",     "-vn",          "-c:a",     "libmp3lame", "-b:a",     "128k",
                "-ar",       "44100",        "-ac",      "2",          "-threads", "1",
                "-metadata", "title=x",      "-map",     "0:a",        "o.mp3"}),
        std::nullopt
    );
    EXPECT_EQ(
        shared(
            {"-i",
             "a",
             "-c:v",
             "libx264",
             "-crf",
             "23",
             "-preset",
             "fast",
             "-movflags",
             "+faststart",
             "-vf",
             "scale=640:-2",
             "-pix_fmt",
             "yuv420p",
             "-g",
             "50",
             "o.mp4"}
        ),
        std::nullopt
    );
}

TEST(FindUnsupported, LooksForFiltersWithFilesWhereverTheyStand) {
    EXPECT_EQ(shared({"-i", "a", "-vf", "[in]scale=2:2 , movie@m=x[out]", "o.mp4"}), "filter movie");
    EXPECT_EQ(shared({"-i", "a", "-vf", "drawtext=text='a, movie=b'", "o.mp4"}), "filter drawtext");
    EXPECT_EQ(shared({"-i", "a", "-vf", "pad=w='if(gt(1,2),3,4)'", "o.mp4"}), std::nullopt);
    EXPECT_EQ(own({"-i", "a", "-vf", "drawtext=text=x", "o.mp4"}), std::nullopt);
}

TEST(FindUnsupported, KeepsSharedProcessesFromTheProcesssOwnFiles) {
    for (char const* const url :
         {"/dev/fd/3", "/proc/self/fd/7", "pipe:5", "subfile,,start,0,end,9,,:a", "data:x"})
        EXPECT_EQ(shared({"-i", url, "o.mp3"}), url);
    EXPECT_EQ(shared({"-i", "a", "-f", "wav", "-"}), std::nullopt);
    EXPECT_EQ(own({"-i", "/dev/fd/3", "o.mp3"}), std::nullopt);
}

TEST(FindUnsupported, LeavesWrongCommandLinesToTheRunThatReportsThem) {
    EXPECT_EQ(shared({"-i", "a", "-b:a"}), std::nullopt);
    EXPECT_EQ(shared({}), std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::media
