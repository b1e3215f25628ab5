#include "client/cli/commands/command.hpp"

#include "client/cli/commands/groups.hpp"

#include <algorithm>

namespace bluebatch::cli {

std::vector<CommandGroup> const& command_groups() {
    static std::vector<CommandGroup> const kGroups{
        pool_commands(),
        node_commands(),
        job_commands(),
        task_commands(),
        file_commands(),
        container_commands(),
        blob_commands(),
        account_commands(),
    };
    return kGroups;
}

CommandGroup const* find_group(std::string_view name) {
    auto const& groups = command_groups();
    auto const found = std::find_if(groups.begin(), groups.end(), [name](CommandGroup const& group) {
        return group.name == name;
    });
    return found == groups.end() ? nullptr : &*found;
}

CommandRow const* find_row(CommandGroup const& group, std::string_view verb) {
    auto const found = std::find_if(group.rows.begin(), group.rows.end(), [verb](CommandRow const& row) {
        return row.verb == verb;
    });
    return found == group.rows.end() ? nullptr : &*found;
}

std::string_view long_name(Parameter const& parameter) {
    return parameter.name.substr(0, parameter.name.find(','));
}

Parameter yes_flag() {
    return {"--yes,-y", Use::flag, "Do not ask, as it is done on a terminal"};
}

Parameter timeout_option(std::string_view fallback) {
    return {
        "--timeout",
        Use::option,
        "How long to wait: 90s, 30m, 2h. Exit status 3 when it is over",
        "TIME",
        Kind::duration,
        fallback};
}

Parameter filter_option() {
    return {"--filter", Use::option, "Only those of an OData filter, as in \"state eq 'active'\"", "ODATA"};
}

Parameter specification_option() {
    return {
        "--file",
        Use::option,
        "JSON as the REST API takes it, '-' for standard input; options add to it",
        "FILE",
        Kind::path};
}

}  // namespace bluebatch::cli
