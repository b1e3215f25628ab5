#pragma once

#include "client/cli/commands/context.hpp"

#include <nlohmann/json_fwd.hpp>

namespace bluebatch::cli {

// Of a pool that is made without a file.
inline constexpr std::string_view kDefaultVmSize = "STANDARD_A1_v2";
inline constexpr std::string_view kDefaultImage = "canonical:0001-com-ubuntu-server-jammy:22_04-lts";
inline constexpr std::string_view kDefaultNodeAgent = "batch.node.ubuntu 22.04";

// What `pool create` sends: the document of --file, and what the other options say.
Outcome<nlohmann::json> make_pool_document(CommandContext const& context);

// "publisher:offer:sku" with ":version" or without; nothing when it is something else.
struct ImageName {
    std::string publisher, offer, sku, version;
};
std::optional<ImageName> parse_image(std::string_view text);

}  // namespace bluebatch::cli
