#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace bluebatch::cli {

// What a program is told so that it finds the emulator where it looks for Azure.
struct ProgramSettings {
    struct Account {
        std::string name;
        std::string key_base64;
    };
    std::string proxy_url;             // with credentials
    std::filesystem::path ca_file;     // of the emulator alone, for those who add it to what they know
    std::filesystem::path ca_bundle;   // with the machine's own, for those who take it instead
    std::filesystem::path node_proxy;  // what node requires first
    std::string emulator_url;          // "http://127.0.0.1:10003"
    Account batch;
    Account storage;
};

using Variables = std::map<std::string, std::string, std::less<>>;

// The variables of the program, of which `inherited` are its caller's. Those that name accounts and the way
// to them are replaced; who the program is (AZURE_CLIENT_ID and its like) stays when it is said.
Variables make_program_environment(Variables inherited, ProgramSettings const& settings);

// Of this process.
Variables own_environment();

// "NAME=value", as the kernel takes them.
std::vector<std::string> to_lines(Variables const& variables);

}  // namespace bluebatch::cli
