#pragma once

#include "emulator/batch/wire/schema/common.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kVNetScopes = std::to_array<std::string_view>({"none", "job"});
inline constexpr auto kProtocols = std::to_array<std::string_view>({"tcp", "udp"});
inline constexpr auto kAccess = std::to_array<std::string_view>({"allow", "deny"});
inline constexpr auto kProvisioning =
    std::to_array<std::string_view>({"batchmanaged", "usermanaged", "nopublicipaddresses"});
inline constexpr auto kIpFamilies = std::to_array<std::string_view>({"IPv4", "IPv6"});

// clang-format off
inline constexpr auto kSecurityRuleFields = std::to_array<Field>({
    integer("priority").needed(),
    word("access", kAccess).needed(),
    text("sourceAddressPrefix").needed(),
    texts("sourcePortRanges").since(V::v2019_06),
});
inline constexpr Object kSecurityRule{"NetworkSecurityGroupRule", kSecurityRuleFields};

inline constexpr auto kNatPoolFields = std::to_array<Field>({
    text("name").needed(),
    word("protocol", kProtocols).needed(),
    integer("backendPort").needed(),
    integer("frontendPortRangeStart").needed(),
    integer("frontendPortRangeEnd").needed(),
    objects("networkSecurityGroupRules", kSecurityRule),
});
inline constexpr Object kNatPool{"InboundNATPool", kNatPoolFields};

inline constexpr auto kPoolEndpointFields = std::to_array<Field>({objects("inboundNATPools", kNatPool).needed()});
inline constexpr Object kPoolEndpoint{"PoolEndpointConfiguration", kPoolEndpointFields};

inline constexpr auto kIpTagFields = std::to_array<Field>({
    text("ipTagType"),
    text("tag"),
});
inline constexpr Object kIpTag{"IPTag", kIpTagFields};

inline constexpr auto kPublicAddressFields = std::to_array<Field>({
    word("provision", kProvisioning),
    words("ipFamilies", kIpFamilies).since(V::v2025_06),
    texts("ipAddressIds"),
    objects("ipTags", kIpTag).since(V::v2025_06),
});
inline constexpr Object kPublicAddress{"PublicIPAddressConfiguration", kPublicAddressFields};

inline constexpr auto kNetworkFields = std::to_array<Field>({
    text("subnetId"),
    word("dynamicVNetAssignmentScope", kVNetScopes).since(V::v2018_12),
    object("endpointConfiguration", kPoolEndpoint),
    texts("publicIPs").since(V::v2019_08).until(V::v2019_08),
    object("publicIPAddressConfiguration", kPublicAddress).since(V::v2020_03),
    truth("enableAcceleratedNetworking").since(V::v2023_05),
});
inline constexpr Object kNetwork{"NetworkConfiguration", kNetworkFields};

inline constexpr auto kJobNetworkFields = std::to_array<Field>({
    text("subnetId").needed(),
    truth("skipWithdrawFromVNet").since(V::v2024_07),
});
inline constexpr Object kJobNetwork{"JobNetworkConfiguration", kJobNetworkFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
