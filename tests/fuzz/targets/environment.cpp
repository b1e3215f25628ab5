// Environment settings that refer to each other, and variables in command lines.
#include "emulator/node/environment.hpp"

#include "emulator/node/blob_locator.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace node = emulator::node;

// What one variable of a process may hold on Linux.
constexpr std::size_t kLongestValue = 128 << 10;

}  // namespace

// Settings as lines NAME=value, then a blank line and a text with variables.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    emulator::domain::RunCommand command;
    for (auto line = take_line(input); !line.empty(); line = take_line(input)) {
        auto const equals = std::min(line.find('='), line.size() - 1);
        command.specification.environment_settings.push_back(
            {std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))}
        );
    }
    node::Environment const inherited{{"PATH", "/usr/bin"}, {"LANG", "C"}};
    node::RunDirectories const directories{{"/node"}, "/node/task"};
    auto const environment =
        node::make_environment(inherited, {"account", "url", "/bin"}, command, directories);
    if (!environment) {
        check(!environment.error().message.empty(), "a failure says why", input);
        return 0;
    }
    check(environment->at("AZ_BATCH_NODE_ROOT_DIR") == "/node", "the service's own stay", input);
    for (auto const& [name, value] : *environment)
        check(value.size() <= kLongestValue, "values stay within what a process can have", name);
    check(node::to_lines(*environment).size() == environment->size(), "a line each", input);

    if (input.find('$') == std::string_view::npos)
        check(node::expand_variables(input, *environment) == input, "nothing to expand", input);
    node::expand_variables(input, *environment);
    node::BlobEndpoint const endpoint{
        "127.0.0.1", 10000, [](std::string_view name) { return name == "devstoreaccount1"; }};
    check(!node::find_own_container(endpoint, input) || node::is_own(endpoint, input), "own ones", input);
    return 0;
}

}  // namespace bluebatch::fuzz
