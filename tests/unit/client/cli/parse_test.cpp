#include "client/cli/parse.hpp"

#include "client/cli/durations.hpp"
#include "client/cli/suggest.hpp"

#include <gmock/gmock.h>

#include <array>

namespace bluebatch::cli {
namespace {

using ::testing::HasSubstr;

Command parse(std::vector<std::string> arguments) {
    return parse_command_line(arguments);
}

TranscodeOptions transcode(std::vector<std::string> more) {
    std::vector<std::string> arguments{"transcode", "--input", "in", "--output", "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto const command = parse(arguments);
    if (auto const* error = std::get_if<UsageError>(&command)) ADD_FAILURE() << error->message;
    return std::get<TranscodeOptions>(command);
}

std::string error_of(std::vector<std::string> arguments) {
    auto const command = parse(std::move(arguments));
    auto const* error = std::get_if<UsageError>(&command);
    return error ? error->message : "no error";
}

TEST(Parse, DefaultsAreTheTutorials) {
    auto const options = transcode({});
    EXPECT_EQ(options.input, "in");
    EXPECT_EQ(options.output, "out");
    EXPECT_EQ(options.connection.target, Target::emulator);
    EXPECT_EQ(options.nodes, 5);
    EXPECT_EQ(options.node_kind, NodeKind::spot);
    EXPECT_EQ(options.command, "ffmpeg -i {input} {output}");
    EXPECT_EQ(options.extension, ".mp3");
    EXPECT_EQ(options.timeout, std::chrono::minutes(30));
    EXPECT_EQ(options.vm_size, "STANDARD_A1_v2");
    EXPECT_EQ(options.pool_id, "LinuxFFmpegPool");
    EXPECT_EQ(options.job_id, "LinuxFFmpegJob");
    EXPECT_EQ(options.answer, Answer::ask);
}

TEST(Parse, TakesEveryFlag) {
    auto const options = transcode(
        {"--target",
         "azure",
         "--nodes",
         "2",
         "--dedicated",
         "--command",
         "ffmpeg -i {input} -vn {output}",
         "--ext",
         "ogg",
         "--timeout",
         "90s",
         "--keep-job",
         "--keep-pool",
         "--yes",
         "--json",
         "--resolve",
         "a:443:127.0.0.1:1",
         "--batch-url",
         "https://x"}
    );
    EXPECT_EQ(options.connection.target, Target::azure);
    EXPECT_EQ(options.nodes, 2);
    EXPECT_EQ(options.node_kind, NodeKind::dedicated);
    EXPECT_EQ(options.extension, ".ogg");
    EXPECT_EQ(options.timeout, std::chrono::seconds(90));
    EXPECT_EQ(options.job, Keep::yes);
    EXPECT_EQ(options.pool, Keep::yes);
    EXPECT_EQ(options.answer, Answer::yes);
    EXPECT_EQ(options.form, OutputForm::json);
    EXPECT_THAT(options.connection.resolve, ::testing::ElementsAre("a:443:127.0.0.1:1"));
    EXPECT_EQ(options.connection.batch_url, "https://x");
}

TEST(Parse, WrongUsageSaysWhatWasMeant) {
    EXPECT_THAT(error_of({}), HasSubstr("--help"));
    EXPECT_THAT(error_of({"transcod"}), HasSubstr("Did you mean transcode?"));
    EXPECT_THAT(error_of({"transcode", "--inptu", "x"}), HasSubstr("Did you mean --input?"));
    EXPECT_THAT(error_of({"transcode", "--input", "x"}), HasSubstr("--output"));
    EXPECT_THAT(error_of({"transcode", "-i", "x", "-o", "y", "--target", "aws"}), HasSubstr("--target"));
    EXPECT_THAT(
        error_of({"transcode", "-i", "x", "-o", "y", "--spot", "--dedicated"}), HasSubstr("--dedicated")
    );
    EXPECT_THAT(error_of({"transcode", "-i", "x", "-o", "y", "--nodes", "0"}), HasSubstr("--nodes"));
    EXPECT_THAT(error_of({"transcode", "-i", "x", "-o", "y", "--timeout", "soon"}), HasSubstr("30m"));
    EXPECT_THAT(error_of({"transcode", "-i", "x", "-o", "y", "--command", "ffmpeg"}), HasSubstr("{input}"));
}

TEST(Parse, HelpTeaches) {
    auto const overview = std::get<ShowText>(parse({"--help"})).text;
    EXPECT_THAT(overview, HasSubstr("transcode"));
    auto const help = std::get<ShowText>(parse({"transcode", "--help"})).text;
    EXPECT_THAT(help, HasSubstr("AZURE_BATCH_ACCESS_KEY"));
    EXPECT_THAT(help, HasSubstr("Exit status"));
    EXPECT_EQ(std::get<ShowText>(parse({"help", "transcode"})).text, help);
    EXPECT_THAT(std::get<ShowText>(parse({"--version"})).text, ::testing::StartsWith("bluebatch "));
}

TEST(ParseDuration, UnderstandsUnits) {
    EXPECT_EQ(parse_duration("90"), std::chrono::seconds(90));
    EXPECT_EQ(parse_duration("1h30m5s"), std::chrono::seconds(5405));
    for (auto const* const text : {"", "m", "5x", "0", "-5s", "1h 5m", "9999999999h", "800h"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(Durations, ReadLikeAClock) {
    EXPECT_EQ(to_clock(std::chrono::minutes(30)), "00:30:00");
    EXPECT_EQ(to_precise_clock(base::Ticks(5543418742)), "00:09:14.3418742");
    EXPECT_EQ(to_size(512), "512 B");
    EXPECT_EQ(to_size(13107200), "12.5 MiB");
}

TEST(Suggest, FindsWhatIsNear) {
    constexpr std::array<std::string_view, 2> kWords{"transcode", "doctor"};
    EXPECT_EQ(suggest("docter", kWords), "doctor");
    EXPECT_FALSE(suggest("pool", kWords));
}

}  // namespace
}  // namespace bluebatch::cli
