#include "client/cli/commands/pool_specification.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::cli {

std::optional<ImageName> parse_image(std::string_view text) {
    auto const parts = base::split(text, ':');
    if (parts.size() < 3 || parts.size() > 4) return std::nullopt;
    for (auto const part : parts) {
        if (part.empty()) return std::nullopt;
    }
    ImageName image{std::string(parts[0]), std::string(parts[1]), std::string(parts[2]), "latest"};
    if (parts.size() == 4) image.version = parts[3];
    return image;
}

namespace {

// What is given wins over the file; the defaults are for a file that says nothing of machines.
Outcome<void> set_machines(nlohmann::json& pool, Values const& values) {
    bool const has_machines =
        pool.contains("virtualMachineConfiguration") || pool.contains("cloudServiceConfiguration");
    auto const machines = pool.find("virtualMachineConfiguration");
    if (machines != pool.end() && !machines->is_object()) {
        return Failure{ExitStatus::usage, "--file: virtualMachineConfiguration is not an object."};
    }
    auto const image_name = values.find("--image");
    if (image_name || !has_machines) {
        auto const image = parse_image(image_name.value_or(std::string(kDefaultImage)));
        if (!image) {
            return Failure{
                ExitStatus::usage, fmt::format("--image {}: give publisher:offer:sku.", *image_name)};
        }
        pool["virtualMachineConfiguration"]["imageReference"] = {
            {"publisher", image->publisher},
            {"offer", image->offer},
            {"sku", image->sku},
            {"version", image->version}};
    }
    auto const agent = values.find("--node-agent");
    if (agent || !has_machines) {
        pool["virtualMachineConfiguration"]["nodeAgentSKUId"] =
            agent.value_or(std::string(kDefaultNodeAgent));
    }
    return {};
}

}  // namespace

Outcome<nlohmann::json> make_pool_document(CommandContext const& context) {
    auto const& values = context.values;
    auto document = read_specification(context);
    if (!document) return document;
    auto& pool = *document;
    pool["id"] = values.text("POOL");
    auto const vm_size = values.find("--vm-size");
    if (vm_size || !pool.contains("vmSize")) pool["vmSize"] = vm_size.value_or(std::string(kDefaultVmSize));
    if (auto const done = set_machines(pool, values); !done) return done.error();
    if (auto const nodes = values.count("--nodes")) pool["targetDedicatedNodes"] = *nodes;
    if (auto const nodes = values.count("--spot")) pool["targetLowPriorityNodes"] = *nodes;
    // The service wants to be told how many, also when it is none.
    bool const has_size = pool.contains("targetDedicatedNodes") || pool.contains("targetLowPriorityNodes") ||
                          pool.contains("enableAutoScale");
    if (!has_size) pool["targetDedicatedNodes"] = 0;
    if (auto const slots = values.count("--slots")) pool["taskSlotsPerNode"] = *slots;
    if (auto const command = values.find("--start-task")) {
        pool["startTask"] = {
            {"commandLine", *command},
            {"waitForSuccess", true},
            {"maxTaskRetryCount", 1},
            {"userIdentity", {{"autoUser", {{"scope", "pool"}, {"elevationLevel", "admin"}}}}}};
    }
    return document;
}

}  // namespace bluebatch::cli
