// What users of the client write: its config file, connection strings, durations, the command line.
#include "client/api/connection_string.hpp"
#include "client/cli/config_file.hpp"
#include "client/cli/durations.hpp"
#include "client/cli/parse.hpp"
#include "shared/base/digest.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <unistd.h>

#include <sys/mman.h>

#include <algorithm>
#include <vector>

namespace bluebatch::fuzz {
namespace {

void check_config_file(std::string_view input) {
    static int const file = ::memfd_create("config", 0);
    bool const is_written = ::ftruncate(file, 0) == 0 && ::pwrite(file, input.data(), input.size(), 0) ==
                                                             static_cast<ssize_t>(input.size());
    check(is_written, "a file in memory");
    std::filesystem::path const path = "/proc/self/fd/" + std::to_string(file);
    auto const no_environment = [](std::string const&) { return std::nullopt; };
    for (auto const target : {cli::Target::emulator, cli::Target::azure}) {
        auto const config = cli::read_config_file(path, target, no_environment);
        if (!config) check(!config.error().message.empty(), "a failure says why", input);
    }
}

void check_connection_string(std::string_view input) {
    auto const account = client::parse_connection_string(input);
    if (!account) {
        check(!account.error().message.empty(), "a failure says why", input);
        return;
    }
    check(!account->blob_endpoint.empty() && !account->blob_endpoint.ends_with('/'), "an endpoint", input);
    check(!account->sas.starts_with('?'), "a signature without its question mark", input);
    bool const has_key = !account->key_base64.empty();
    check(!has_key || base::parse_base64(account->key_base64).has_value(), "a key is base64", input);
}

void check_duration(std::string_view input) {
    auto const duration = cli::parse_duration(input);
    if (!duration) return;
    check(duration->count() > 0 && *duration <= std::chrono::days{30}, "a duration is bounded", input);
    check(cli::parse_duration(std::to_string(duration->count())) == duration, "seconds", input);
    check(cli::to_clock(*duration).size() >= 8, "a clock", input);
}

// Making the parser takes much longer than all else here.
void check_arguments(std::string_view input) {
    if (!input.starts_with("--")) return;
    std::vector<std::string> arguments{"transcode"};
    while (!input.empty())
        arguments.emplace_back(take_line(input));
    cli::parse_command_line(arguments);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_config_file(input);
    check_connection_string(input);
    check_duration(input);
    check_arguments(input);
    return 0;
}

}  // namespace bluebatch::fuzz
