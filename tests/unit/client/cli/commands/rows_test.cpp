#include "client/cli/commands/command.hpp"
#include "client/cli/completion.hpp"
#include "client/cli/manual.hpp"
#include "client/cli/parse.hpp"

#include <gmock/gmock.h>

#include <set>

namespace bluebatch::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

RowCommand row(std::vector<std::string> const& arguments) {
    auto command = parse_command_line(arguments);
    if (auto const* error = std::get_if<UsageError>(&command)) ADD_FAILURE() << error->message;
    return std::get<RowCommand>(std::move(command));
}

std::string fault_of_words(std::vector<std::string> const& arguments) {
    auto const command = parse_command_line(arguments);
    auto const* error = std::get_if<UsageError>(&command);
    return error ? error->message : "no error";
}

TEST(Rows, EachIsWhole) {
    std::set<std::string> names;
    for (auto const& group : command_groups()) {
        for (auto const& command : group.rows) {
            auto const name = std::string(group.name) + " " + std::string(command.verb);
            EXPECT_TRUE(names.insert(name).second) << name;
            EXPECT_NE(command.run, nullptr) << name;
            EXPECT_FALSE(command.summary.ends_with('.')) << name;
            EXPECT_THAT(std::string(command.example), StartsWith("bluebatch " + name)) << name;
        }
    }
    EXPECT_GT(names.size(), 40u);
}

TEST(Rows, ArgumentsOptionsAndFallbacksGetTheirValues) {
    auto const command = row({"pool", "create", "p", "-n", "3", "--wait", "--json", "--target", "azure"});
    EXPECT_EQ(command.row->verb, "create");
    EXPECT_EQ(command.values.text("POOL"), "p");
    EXPECT_EQ(command.values.count("--nodes"), 3);
    EXPECT_FALSE(command.values.count("--spot"));
    EXPECT_TRUE(command.values.has("--wait"));
    EXPECT_EQ(command.values.duration("--timeout"), std::chrono::minutes(30));
    EXPECT_FALSE(command.values.has("--vm-size"));
    EXPECT_EQ(command.form, OutputForm::json);
    EXPECT_EQ(command.connection.target, Target::azure);
}

TEST(Rows, AMisspeltOptionIsShownWithoutItsValue) {
    auto const error = fault_of_words({"pool", "list", "--batch-kye=SECRET"});
    EXPECT_THAT(error, HasSubstr("--batch-kye is not known. Did you mean --batch-key?"));
    EXPECT_THAT(error, ::testing::Not(HasSubstr("SECRET")));
}

TEST(Rows, AnUnknownTargetIsAnsweredWithThoseThereAre) {
    EXPECT_THAT(
        fault_of_words({"pool", "list", "--target", "mars"}), HasSubstr("mars is neither emulator nor azure.")
    );
    EXPECT_EQ(row({"pool", "list", "--target", "AZURE"}).connection.target, Target::azure);
    EXPECT_EQ(row({"pool", "list", "--target", "emulator"}).connection.target, Target::emulator);
}

TEST(Rows, RepeatedOptionsLeaveArgumentsAlone) {
    auto const command = row({"task", "create", "-e", "A=1", "j", "--env", "B=2", "t"});
    EXPECT_THAT(command.values.all("--env"), ElementsAre("A=1", "B=2"));
    EXPECT_EQ(command.values.text("JOB"), "j");
    EXPECT_EQ(command.values.text("TASK"), "t");
}

TEST(Rows, SeveralArgumentsAndNegativeCounts) {
    EXPECT_THAT(row({"task", "wait", "j", "a", "b"}).values.all("TASK"), ElementsAre("a", "b"));
    EXPECT_EQ(row({"task", "create", "j", "t", "--retries", "-1"}).values.count("--retries"), -1);
}

TEST(Rows, MistakesAreNamedWithWhatWasMeant) {
    EXPECT_THAT(fault_of_words({"pool"}), HasSubstr("'bluebatch pool --help'"));
    EXPECT_THAT(fault_of_words({"pool", "sho"}), HasSubstr("Did you mean show?"));
    EXPECT_THAT(fault_of_words({"pool", "show"}), HasSubstr("'bluebatch pool show --help'"));
    EXPECT_THAT(fault_of_words({"pool", "list", "--fliter", "x"}), HasSubstr("Did you mean --filter?"));
    EXPECT_THAT(fault_of_words({"pool", "wait", "p", "--for", "ever"}), HasSubstr("ready or steady or gone"));
    EXPECT_THAT(fault_of_words({"pool", "resize", "p", "--nodes", "1.5"}), HasSubstr("a whole number"));
    EXPECT_THAT(fault_of_words({"pool", "wait", "p", "--timeout", "soon"}), HasSubstr("90s"));
    EXPECT_THAT(fault_of_words({"pool", "show", ""}), HasSubstr("POOL is empty"));
    EXPECT_THAT(fault_of_words({"blob", "show", "c"}), HasSubstr("give CONTAINER/BLOB"));
    EXPECT_THAT(fault_of_words({"blob", "show", "c/"}), HasSubstr("give CONTAINER/BLOB"));
    EXPECT_THAT(fault_of_words({"blob", "list", "/x"}), HasSubstr("give CONTAINER or CONTAINER/PATH"));
    EXPECT_THAT(fault_of_words({"blob", "tail", "c/b", "--json"}), HasSubstr("--json is not known"));
    EXPECT_THAT(fault_of_words({"pools", "list"}), HasSubstr("Did you mean pool?"));
}

TEST(Rows, EveryOneStandsInCompletionAndManual) {
    auto const commands = describe_commands();
    auto const bash = completion_script("bash", commands).value();
    auto const manual = manual_page("bluebatch", commands).value();
    for (auto const& command : commands) {
        EXPECT_THAT(bash, HasSubstr("\"" + name_of(command) + "\") options=\"--help -h"));
        EXPECT_THAT(manual, HasSubstr(".B " + name_of(command) + "\n"));
        EXPECT_TRUE(manual_page("bluebatch-" + command.group, commands)) << command.group;
    }
    EXPECT_FALSE(completion_script("csh", commands));
    EXPECT_FALSE(manual_page("bluebatch-none", commands));
}

TEST(Rows, QuotesOfSummariesDoNotEndTheShellsTexts) {
    CommandHelp command;
    command.group = "g";
    command.group_summary = "It's";
    command.verb = "v";
    command.summary = "It's [one]: \\";
    std::vector<CommandHelp> const commands{command};
    EXPECT_THAT(completion_script("zsh", commands).value(), HasSubstr(R"('v:It'\''s \[one\]\: \\')"));
    EXPECT_THAT(completion_script("fish", commands).value(), HasSubstr(R"(-a v -d 'It\'s [one]: \\')"));
    EXPECT_THAT(manual_page("bluebatch", commands).value(), HasSubstr("It's [one]: \\e."));
}

}  // namespace
}  // namespace bluebatch::cli
