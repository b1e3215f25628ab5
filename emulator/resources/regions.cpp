#include "emulator/resources/regions.hpp"

#include <array>

namespace bluebatch::emulator::resources {

namespace {

constexpr auto kRegions = std::to_array<Region>({
    {"eastus", "East US", "US", "37.3719", "-79.8164", "Virginia"},
    {"eastus2", "East US 2", "US", "36.6681", "-78.3889", "Virginia"},
    {"southcentralus", "South Central US", "US", "29.4167", "-98.5", "Texas"},
    {"westus2", "West US 2", "US", "47.233", "-119.852", "Washington"},
    {"westus3", "West US 3", "US", "33.448376", "-112.074036", "Phoenix"},
    {"australiaeast", "Australia East", "Asia Pacific", "-33.86", "151.2094", "New South Wales"},
    {"southeastasia", "Southeast Asia", "Asia Pacific", "1.283", "103.833", "Singapore"},
    {"northeurope", "North Europe", "Europe", "53.3478", "-6.2597", "Ireland"},
    {"swedencentral", "Sweden Central", "Europe", "60.67488", "17.14127", "Gävle"},
    {"uksouth", "UK South", "Europe", "50.941", "-0.799", "London"},
    {"westeurope", "West Europe", "Europe", "52.3667", "4.9", "Netherlands"},
    {"centralus", "Central US", "US", "41.5908", "-93.6208", "Iowa"},
    {"southafricanorth", "South Africa North", "Africa", "-25.73134", "28.21837", "Johannesburg"},
    {"centralindia", "Central India", "Asia Pacific", "18.5822", "73.9197", "Pune"},
    {"eastasia", "East Asia", "Asia Pacific", "22.267", "114.188", "Hong Kong"},
    {"japaneast", "Japan East", "Asia Pacific", "35.68", "139.77", "Tokyo, Saitama"},
    {"koreacentral", "Korea Central", "Asia Pacific", "37.5665", "126.978", "Seoul"},
    {"canadacentral", "Canada Central", "Canada", "43.653", "-79.383", "Toronto"},
    {"francecentral", "France Central", "Europe", "46.3772", "2.373", "Paris"},
    {"germanywestcentral", "Germany West Central", "Europe", "50.110924", "8.682127", "Frankfurt"},
    {"italynorth", "Italy North", "Europe", "45.46888", "9.18109", "Milan"},
    {"norwayeast", "Norway East", "Europe", "59.913868", "10.752245", "Norway"},
    {"polandcentral", "Poland Central", "Europe", "52.23334", "21.01666", "Warsaw"},
    {"switzerlandnorth", "Switzerland North", "Europe", "47.451542", "8.564572", "Zurich"},
    {"uaenorth", "UAE North", "Middle East", "25.266666", "55.316666", "Dubai"},
    {"qatarcentral", "Qatar Central", "Middle East", "25.551462", "51.439327", "Doha"},
    {"brazilsouth", "Brazil South", "South America", "-23.55", "-46.633", "Sao Paulo State"},
    {"northcentralus", "North Central US", "US", "41.8819", "-87.6278", "Illinois"},
    {"westus", "West US", "US", "37.783", "-122.417", "California"},
    {"japanwest", "Japan West", "Asia Pacific", "34.6939", "135.5022", "Osaka"},
    {"westcentralus", "West Central US", "US", "40.89", "-110.234", "Wyoming"},
    {"australiasoutheast", "Australia Southeast", "Asia Pacific", "-37.8136", "144.9631", "Victoria"},
    {"koreasouth", "Korea South", "Asia Pacific", "35.1796", "129.0756", "Busan"},
    {"southindia", "South India", "Asia Pacific", "12.9822", "80.1636", "Chennai"},
    {"canadaeast", "Canada East", "Canada", "46.817", "-71.217", "Quebec"},
    {"ukwest", "UK West", "Europe", "53.427", "-3.084", "Cardiff"},
});

}  // namespace

std::span<Region const> regions() {
    return kRegions;
}

}  // namespace bluebatch::emulator::resources
