#include "emulator/identity/resources.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::identity {

namespace {

constexpr std::array<std::string_view, 9> kServices{
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://batch.core.windows.net",
    "ddbf3205-c6bd-46ae-8127-60eb93363864",  // Batch
    "https://storage.azure.com",
    "e406a681-f3d4-42a8-90b6-c2b029497af1",  // Storage
    "https://graph.microsoft.com",
    "https://graph.windows.net",
    "https://vault.azure.net",
};
constexpr std::string_view kStorageSuffix = ".core.windows.net";

}  // namespace

bool is_resource(std::string_view resource) {
    if (resource.ends_with('/')) resource.remove_suffix(1);
    if (std::ranges::find(kServices, resource) != kServices.end()) return true;
    return resource.starts_with("https://") && resource.ends_with(kStorageSuffix);
}

Scopes parse_scopes(std::string_view text) {
    Scopes scopes;
    for (auto const scope : base::split(text, ' ')) {
        if (scope == "openid") scopes.wants_id_token = true;
        if (scope == "offline_access") scopes.wants_refresh_token = true;
        auto const slash = scope.rfind('/');
        if (slash == std::string_view::npos || !scopes.resource.empty()) continue;
        scopes.resource = scope.substr(0, slash);
        scopes.is_default = scope.substr(slash) == "/.default";
    }
    return scopes;
}

}  // namespace bluebatch::emulator::identity
