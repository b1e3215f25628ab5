#pragma once

#include "client/cli/accounts.hpp"
#include "client/cli/advice.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The daily commands as data: "bluebatch GROUP VERB ARGUMENTS". Parsing, help, completion and manual pages
// are all made from these rows.
namespace bluebatch::cli {

enum class Use : std::uint8_t {
    argument,
    optional_argument,
    arguments,  // one or more
    option,
    required_option,
    repeatable_option,
    flag,
};

enum class Kind : std::uint8_t {
    text,
    count,
    duration,
    path,     // on this machine
    address,  // CONTAINER, or CONTAINER/PATH
    blob,     // CONTAINER/BLOB
};

struct Parameter {
    std::string_view name;  // "POOL", or "--nodes", or "--follow,-f"
    Use use = Use::argument;
    std::string_view help;
    std::string_view value = "TEXT";  // what stands for an option's value in the help; "a|b" is a choice
    Kind kind = Kind::text;
    std::string_view fallback = {};  // in force when the option is not given
};

// What standard output gets.
enum class Output : std::uint8_t {
    table_or_json,  // whichever is asked for
    content,        // of a file, as it is
};

struct CommandContext;

struct CommandRow {
    std::string_view verb;
    std::string_view summary;
    std::vector<Parameter> parameters;
    std::string_view example;                            // one or more lines
    std::optional<Services> services = Services::batch;  // nothing: it asks nobody
    Outcome<ExitStatus> (*run)(CommandContext const& context) = nullptr;
    Output output = Output::table_or_json;
};

struct CommandGroup {
    std::string_view name;
    std::string_view summary;
    std::vector<CommandRow> rows;
};

std::vector<CommandGroup> const& command_groups();
// Nothing for names that are not known.
CommandGroup const* find_group(std::string_view name);
CommandRow const* find_row(CommandGroup const& group, std::string_view verb);

// "--nodes" of "--nodes,-n"; an argument's name as it is.
std::string_view long_name(Parameter const& parameter);

// Parameters that several commands share.
Parameter yes_flag();
Parameter timeout_option(std::string_view fallback = "30m");
Parameter filter_option();
Parameter specification_option();

}  // namespace bluebatch::cli
