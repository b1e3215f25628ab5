#include "client/cli/parse_groups.hpp"

#include "client/cli/durations.hpp"
#include "client/cli/help.hpp"
#include "client/cli/parse_connection.hpp"
#include "client/cli/suggest.hpp"
#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace bluebatch::cli {
namespace {

// "ready|steady|gone"; a value that is a form, as "PUBLISHER:OFFER", is no choice.
std::vector<std::string_view> choices_of(std::string_view value) {
    if (value.find('|') == std::string_view::npos) return {};
    return base::split(value, '|');
}

bool takes_many(Use use) {
    return use == Use::arguments || use == Use::repeatable_option;
}

bool is_argument(Use use) {
    return use == Use::argument || use == Use::optional_argument || use == Use::arguments;
}

std::string examples_of(CommandRow const& row) {
    std::string text = "Examples:\n";
    for (auto const line : base::split(row.example, '\n'))
        text += fmt::format("  {}\n", line);
    text.pop_back();
    return text;
}

// The parser of one row, and where it puts what it finds.
class RowParser {
public:
    RowParser(CommandGroup const& group, CommandRow const& row)
        : row_(row),
          app_(fmt::format("{}.\n", row.summary), fmt::format("bluebatch {} {}", group.name, row.verb)) {
        app_.get_formatter()->column_width(kHelpColumn);
        for (auto const& parameter : row.parameters)
            add(parameter);
        if (row.output == Output::table_or_json) {
            app_.add_flag("--json", json_, "One JSON document on standard output");
        }
        add_connection_options(app_, connection_);
        app_.footer("\n" + examples_of(row));
    }

    CLI::App const& app() const { return app_; }

    Command parse(std::vector<std::string> arguments) {
        if (auto shown = read_arguments(app_, std::move(arguments))) return *std::move(shown);
        RowCommand command;
        command.row = &row_;
        for (auto& slot : slots_) {
            if (auto fault = take(slot, command.values)) return UsageError{*std::move(fault)};
        }
        command.connection = std::move(connection_);
        command.form = json_ ? OutputForm::json : OutputForm::text;
        return command;
    }

private:
    struct Slot {
        Parameter const* parameter;
        CLI::Option* option = nullptr;
        std::string one = {};
        std::vector<std::string> many = {};
        bool flag = false;
    };

    void add(Parameter const& parameter) {
        auto& slot = slots_.emplace_back(Slot{&parameter});
        auto const name = std::string(parameter.name);
        auto const help = std::string(parameter.help);
        if (parameter.use == Use::flag) {
            slot.option = app_.add_flag(name, slot.flag, help);
            return;
        }
        slot.option = takes_many(parameter.use) ? app_.add_option(name, slot.many, help)
                                                : app_.add_option(name, slot.one, help);
        if (parameter.use == Use::repeatable_option) slot.option->allow_extra_args(false);
        bool const is_required = parameter.use == Use::argument || parameter.use == Use::arguments ||
                                 parameter.use == Use::required_option;
        slot.option->required(is_required);
        if (is_argument(parameter.use)) {
            slot.option->type_name("");
        } else {
            slot.option->type_name(std::string(parameter.value));
        }
        if (!parameter.fallback.empty()) slot.option->default_str(std::string(parameter.fallback));
    }

    // What was given, or what is wrong with it.
    static std::optional<std::string> take(Slot& slot, Values& values) {
        auto const& parameter = *slot.parameter;
        auto const name = long_name(parameter);
        bool const is_given = slot.option->count() > 0;
        if (parameter.use == Use::flag) {
            if (slot.flag) values.set(name, {});
            return std::nullopt;
        }
        if (!is_given) {
            if (!parameter.fallback.empty()) values.set(name, {std::string(parameter.fallback)});
            return std::nullopt;
        }
        auto given =
            takes_many(parameter.use) ? std::move(slot.many) : std::vector<std::string>{std::move(slot.one)};
        for (auto const& value : given) {
            if (auto fault = check(parameter, value)) return fault;
        }
        values.set(name, std::move(given));
        return std::nullopt;
    }

    static std::optional<std::string> check(Parameter const& parameter, std::string const& value) {
        auto const wrong = [&](std::string_view wanted) {
            return fmt::format("{} {}: give {}.", long_name(parameter), value, wanted);
        };
        auto const choices = choices_of(parameter.value);
        if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
            return wrong(fmt::format("{}", fmt::join(choices, " or ")));
        }
        if (parameter.kind == Kind::count && !base::parse_number<int>(value)) return wrong("a whole number");
        if (parameter.kind == Kind::duration && !parse_duration(value))
            return wrong("a time such as 90s, 30m or 2h");
        if (parameter.kind == Kind::address && value.starts_with('/'))
            return wrong("CONTAINER or CONTAINER/PATH");
        auto const slash = value.find('/');
        bool const names_blob = slash > 0 && slash != std::string::npos && slash + 1 < value.size();
        if (parameter.kind == Kind::blob && !names_blob) return wrong("CONTAINER/BLOB");
        // An empty id would name the collection.
        if (is_argument(parameter.use) && value.empty()) {
            return fmt::format("{} is empty.", long_name(parameter));
        }
        return std::nullopt;
    }

    CommandRow const& row_;
    CLI::App app_;
    std::deque<Slot> slots_;
    ConnectionOptions connection_;
    bool json_ = false;
};

std::string overview(CommandGroup const& group) {
    std::string text =
        fmt::format("{}.\n\nUsage: bluebatch {} COMMAND [OPTIONS]\n\nCommands:\n", group.summary, group.name);
    for (auto const& row : group.rows)
        text += fmt::format("  {:<12} {}\n", row.verb, row.summary);
    return text + fmt::format("\n'bluebatch {} COMMAND --help' tells more, with examples.\n", group.name);
}

}  // namespace

Command parse_group(CommandGroup const& group, std::vector<std::string> arguments) {
    auto const where = fmt::format("'bluebatch {} --help' lists them.", group.name);
    if (arguments.empty()) return UsageError{fmt::format("Which command of {}? {}", group.name, where)};
    auto const verb = arguments.front();
    if (verb == "--help" || verb == "-h" || verb == "help") return ShowText{overview(group)};
    if (auto const* row = find_row(group, verb)) {
        arguments.erase(arguments.begin());
        return RowParser(group, *row).parse(std::move(arguments));
    }
    std::vector<std::string_view> verbs;
    for (auto const& row : group.rows)
        verbs.push_back(row.verb);
    auto message = fmt::format("{} is not a command of bluebatch {}.", verb, group.name);
    if (auto const meant = suggest(verb, verbs)) message += fmt::format(" Did you mean {}?", *meant);
    return UsageError{fmt::format("{} {}", message, where)};
}

CommandHelp describe_row(CommandGroup const& group, CommandRow const& row) {
    auto help = read_help(RowParser(group, row).app(), examples_of(row));
    help.group = group.name;
    help.group_summary = group.summary;
    help.verb = row.verb;
    help.summary = row.summary;
    for (auto const& parameter : row.parameters) {
        if (parameter.kind != Kind::path) continue;
        auto const name = std::string(long_name(parameter));
        for (auto& known : help.parameters) {
            if (known.names.front() == name) known.names_files = true;
        }
    }
    return help;
}

CommandHelp read_help(CLI::App const& app, std::string examples) {
    CommandHelp help;
    help.examples = std::move(examples);
    for (auto const* option : app.get_options()) {
        ParameterHelp parameter;
        parameter.is_argument = option->get_positional() && option->get_lnames().empty();
        if (parameter.is_argument) {
            parameter.names.push_back(option->get_name(true));
        } else {
            for (auto const& name : option->get_lnames())
                parameter.names.push_back("--" + name);
            for (auto const& name : option->get_snames())
                parameter.names.push_back("-" + name);
        }
        bool const is_flag = option->get_expected_max() == 0 || option->get_type_size_max() == 0;
        if (!is_flag) parameter.value = option->get_type_name();
        parameter.help = option->get_description();
        if (auto const fallback = option->get_default_str(); !fallback.empty() && !is_flag)
            parameter.help += fmt::format(" (default: {})", fallback);
        parameter.group = option->get_group();
        for (auto const choice : choices_of(parameter.value))
            parameter.choices.emplace_back(choice);
        parameter.is_required = option->get_required();
        parameter.takes_many = option->get_expected_max() > 1;
        parameter.names_files = parameter.value == "FILE" || parameter.value == "DIR";
        help.parameters.push_back(std::move(parameter));
    }
    return help;
}

}  // namespace bluebatch::cli
