#include "client/cli/run/program_environment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

namespace bluebatch::cli {

namespace {

// Where the emulator's Batch accounts are said to be.
constexpr std::string_view kRegion = "eastus";
// Of the development tenant, and of a program in it; the emulator takes any others as well.
constexpr std::string_view kTenant = "b1ebac00-0000-4000-8000-00000000007e";
constexpr std::string_view kProgram = "b1ebac00-0000-4000-8000-000000000c11";
// The only one that the emulator's resource manager has.
constexpr std::string_view kSubscription = "b1ebac00-0000-4000-8000-00000000005b";

// A word of NODE_OPTIONS.
std::string quoted(std::string const& word) {
    std::string text = "\"";
    for (char const letter : word) {
        if (letter == '"' || letter == '\\') text += '\\';
        text += letter;
    }
    return text + "\"";
}

// Later releases of node know HTTPS_PROXY when they are told to look, earlier ones have to be taught.
void set_node(Variables& variables, ProgramSettings const& settings) {
    variables["NODE_USE_ENV_PROXY"] = "1";
    variables["NODE_EXTRA_CA_CERTS"] = settings.ca_file;
    auto& options = variables["NODE_OPTIONS"];
    options += (options.empty() ? "--require=" : " --require=") + quoted(settings.node_proxy);
}

void set_proxy(Variables& variables, std::string const& url) {
    for (auto const* const name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"})
        variables[name] = url;
    for (auto const* const name : {"ALL_PROXY", "all_proxy"})
        variables.erase(name);
    // The emulator itself, and whatever else of this machine, needs none.
    for (auto const* const name : {"NO_PROXY", "no_proxy"})
        variables[name] = "localhost,127.0.0.1,::1";
}

void set_certificates(Variables& variables, ProgramSettings const& settings) {
    for (auto const* const name : {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"})
        variables[name] = settings.ca_bundle;
}

void set_accounts(Variables& variables, ProgramSettings const& settings) {
    auto const& [batch, batch_key] = settings.batch;
    auto const& [storage, storage_key] = settings.storage;
    auto const batch_url = fmt::format("https://{}.{}.batch.azure.com", batch, kRegion);
    for (auto const* const name : {"AZURE_BATCH_ACCOUNT", "AZURE_BATCH_ACCOUNT_NAME"})
        variables[name] = batch;
    for (auto const* const name : {"AZURE_BATCH_ACCESS_KEY", "AZURE_BATCH_ACCOUNT_KEY"})
        variables[name] = batch_key;
    for (auto const* const name : {"AZURE_BATCH_ENDPOINT", "AZURE_BATCH_ACCOUNT_URL"})
        variables[name] = batch_url;
    for (auto const* const name : {"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"})
        variables[name] = storage;
    for (auto const* const name : {"AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"})
        variables[name] = storage_key;
    variables.erase("AZURE_STORAGE_SAS_TOKEN");
    variables["AZURE_STORAGE_CONNECTION_STRING"] = fmt::format(
        "DefaultEndpointsProtocol=https;AccountName={};AccountKey={};EndpointSuffix=core.windows.net",
        storage,
        storage_key
    );
}

void set_identity(Variables& variables, ProgramSettings const& settings) {
    bool const says_who = variables.contains("AZURE_CLIENT_ID");
    variables.try_emplace("AZURE_TENANT_ID", kTenant);
    variables.try_emplace("AZURE_CLIENT_ID", kProgram);
    if (!says_who) variables.try_emplace("AZURE_CLIENT_SECRET", "development");
    variables["AZURE_SUBSCRIPTION_ID"] = kSubscription;
    variables["IDENTITY_ENDPOINT"] = settings.emulator_url + "/msi/token";
    variables["IDENTITY_HEADER"] = "bluebatch";
    // Where those ask who look for the identity of a machine, and do not want a proxy to.
    variables["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = settings.emulator_url;
    // Other forms of the same, which would be tried first.
    for (auto const* const name :
         {"IMDS_ENDPOINT",
          "IDENTITY_SERVER_THUMBPRINT",
          "MSI_ENDPOINT",
          "MSI_SECRET",
          "AZURE_AUTHORITY_HOST"})
        variables.erase(name);
    variables["AZURE_CORE_COLLECT_TELEMETRY"] = "no";
    // Where az keeps whom it has signed in: apart from those of the cloud.
    if (auto const home = variables.find("HOME"); home != variables.end())
        variables.try_emplace("AZURE_CONFIG_DIR", home->second + "/.bluebatch/azure");
}

}  // namespace

Variables make_program_environment(Variables inherited, ProgramSettings const& settings) {
    set_proxy(inherited, settings.proxy_url);
    set_certificates(inherited, settings);
    set_node(inherited, settings);
    set_accounts(inherited, settings);
    set_identity(inherited, settings);
    return inherited;
}

Variables own_environment() {
    Variables variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const line(*entry);
        auto const equals = line.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    return variables;
}

std::vector<std::string> to_lines(Variables const& variables) {
    std::vector<std::string> lines;
    for (auto const& [name, value] : variables)
        lines.push_back(name + "=" + value);
    return lines;
}

}  // namespace bluebatch::cli
