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

Outcome<nlohmann::json> make_pool_document(CommandContext const& context) {
    auto const& values = context.values;
    auto document = read_specification(context);
    if (!document) return document;
    auto& pool = *document;
    pool["id"] = values.text("POOL");
    auto const image = parse_image(values.text("--image"));
    if (!image) {
        return Failure{
            ExitStatus::usage, fmt::format("--image {}: give publisher:offer:sku.", values.text("--image"))};
    }
    if (!pool.contains("vmSize")) pool["vmSize"] = values.text("--vm-size");
    bool const has_image =
        pool.contains("virtualMachineConfiguration") || pool.contains("cloudServiceConfiguration");
    if (!has_image) {
        pool["virtualMachineConfiguration"] = {
            {"imageReference",
             {{"publisher", image->publisher},
              {"offer", image->offer},
              {"sku", image->sku},
              {"version", image->version}}},
            {"nodeAgentSKUId", values.text("--node-agent")}};
    }
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
