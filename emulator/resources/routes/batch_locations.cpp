#include "emulator/resources/routes/batch_accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/wire/batch_account.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

struct Size {
    std::string_view name;
    std::string_view family;
    int disk;  // MB, of the resource volume
    int cores;
    std::string_view memory;  // GB
};

// Usual ones. Pools take others as well: their cores are read from the name.
constexpr auto kSizes = std::to_array<Size>({
    {"Standard_A1_v2", "standardAv2Family", 10'240, 1, "2"},
    {"Standard_A2_v2", "standardAv2Family", 20'480, 2, "4"},
    {"Standard_A4_v2", "standardAv2Family", 40'960, 4, "8"},
    {"Standard_A8_v2", "standardAv2Family", 81'920, 8, "16"},
    {"Standard_D1_v2", "standardDv2Family", 51'200, 1, "3.5"},
    {"Standard_D2_v2", "standardDv2Family", 102'400, 2, "7"},
    {"Standard_D3_v2", "standardDv2Family", 204'800, 4, "14"},
    {"Standard_D4_v2", "standardDv2Family", 409'600, 8, "28"},
    {"Standard_D5_v2", "standardDv2Family", 819'200, 16, "56"},
    {"Standard_D2_v3", "standardDv3Family", 51'200, 2, "8"},
    {"Standard_D4_v3", "standardDv3Family", 102'400, 4, "16"},
    {"Standard_D8_v3", "standardDv3Family", 204'800, 8, "32"},
    {"Standard_D16_v3", "standardDv3Family", 409'600, 16, "64"},
    {"Standard_D2s_v3", "standardDSv3Family", 16'384, 2, "8"},
    {"Standard_D4s_v3", "standardDSv3Family", 32'768, 4, "16"},
    {"Standard_D8s_v3", "standardDSv3Family", 65'536, 8, "32"},
    {"Standard_F2s_v2", "standardFSv2Family", 16'384, 2, "4"},
    {"Standard_F4s_v2", "standardFSv2Family", 32'768, 4, "8"},
    {"Standard_F8s_v2", "standardFSv2Family", 65'536, 8, "16"},
    {"Standard_F16s_v2", "standardFSv2Family", 131'072, 16, "32"},
});

Result<std::string> read_place(Call const& call) {
    auto location = normal_location(call.path["location"]);
    if (is_location(location)) return location;
    return Refusal{
        400,
        "LocationNotAvailableForResourceType",
        fmt::format(
            "The provided location '{}' is not available for resource type 'Microsoft.Batch/locations'.",
            location.substr(0, 64)
        )};
}

Result<http::Response> get_quotas(Call const& call) {
    if (auto const place = read_place(call); !place) return place.error();
    return wire::answer({{"accountQuota", kMostBatchAccounts}});
}

Result<http::Response> check_name(Call const& call) {
    if (auto const place = read_place(call); !place) return place.error();
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const name = wire::text_at(*body, {"name"});
    if (!domain::is_account_name(name))
        return wire::answer(
            {{"nameAvailable", false}, {"reason", "Invalid"}, {"message", kBadBatchAccountName}}
        );
    if (!call.accounts().find(domain::AccountKind::batch, name))
        return wire::answer({{"nameAvailable", true}});
    return wire::answer({
        {"nameAvailable", false},
        {"reason", "AlreadyExists"},
        {"message", fmt::format("An account named '{}' is already in use.", name)},
    });
}

Json capability(std::string_view name, std::string value) {
    return {{"name", name}, {"value", std::move(value)}};
}

Result<http::Response> list_sizes(Call const& call) {
    if (auto const place = read_place(call); !place) return place.error();
    if (call.request.find_query_ignoring_case("$filter"))
        return wire::not_emulated("$filter of virtual machine sizes");
    auto values = Json::array();
    for (auto const& size : kSizes)
        values.push_back(
            {{"name", size.name},
             {"familyName", size.family},
             {"capabilities",
              Json::array(
                  {capability("MaxResourceVolumeMB", std::to_string(size.disk)),
                   capability("vCPUs", std::to_string(size.cores)),
                   capability("MemoryGB", std::string{size.memory})}
              )}}
        );
    return wire::list_answer(std::move(values));
}

constexpr std::array<Route, 3> kBatchLocationRoutes{{
    {get,
     "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/quotas",
     "",
     "Microsoft.Batch/locations/quotas/read",
     get_quotas},
    {post,
     "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/checkNameAvailability",
     "",
     "Microsoft.Batch/locations/checkNameAvailability/read",
     check_name},
    {get,
     "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/virtualMachineSkus",
     "",
     "Microsoft.Batch/locations/virtualMachineSkus/read",
     list_sizes},
}};

}  // namespace

std::span<Route const> batch_location_routes() {
    return kBatchLocationRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
