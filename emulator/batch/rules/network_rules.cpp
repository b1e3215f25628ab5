#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;

constexpr std::string_view kPools = "networkConfiguration.endpointConfiguration.inboundNATPools";
constexpr std::size_t kMostPools = 5;
constexpr std::size_t kMostRules = 25;
constexpr std::size_t kLongestName = 77;
constexpr auto kReservedBackendPorts = std::to_array<std::int64_t>({22, 3389, 29876, 29877});
constexpr std::int64_t kLastFrontendPort = 65'534;
constexpr std::int64_t kReservedFrontendBegin = 50'000;
constexpr std::int64_t kReservedFrontendEnd = 55'000;
constexpr std::int64_t kFewestFrontendPorts = 40;

struct Ports {
    std::int64_t first;
    std::int64_t last;
    bool overlaps(Ports const& other) const { return first <= other.last && other.first <= last; }
};

Ports ports_of(Json const& pool) {
    return {
        pool.at("frontendPortRangeStart").get<std::int64_t>(),
        pool.at("frontendPortRangeEnd").get<std::int64_t>()};
}

Fault refuse(std::size_t index, std::string_view member, std::string reason) {
    return wire::invalid_property(fmt::format("{}[{}].{}", kPools, index, member), "", std::move(reason));
}

Fault check_rules(Json const& pool, std::size_t index) {
    auto const* const rules = find(pool, "networkSecurityGroupRules");
    if (rules == nullptr) return std::nullopt;
    if (rules->size() > kMostRules) return refuse(index, "networkSecurityGroupRules", "More than 25 rules");
    for (auto const& rule : *rules) {
        auto const priority = rule.at("priority").get<std::int64_t>();
        if (priority < 150 || priority > 4096)
            return refuse(index, "networkSecurityGroupRules", "A priority lies between 150 and 4096");
    }
    return std::nullopt;
}

Fault check_pool(Json const& pool, std::size_t index) {
    auto const name = wire::text_of(pool, "name");
    if (name.empty() || name.size() > kLongestName)
        return refuse(index, "name", "A name has 1 to 77 characters");
    auto const backend = pool.at("backendPort").get<std::int64_t>();
    bool const is_reserved = std::ranges::find(kReservedBackendPorts, backend) != kReservedBackendPorts.end();
    if (backend < 1 || backend > 65'535 || is_reserved)
        return refuse(index, "backendPort", "The port is out of range or reserved");
    auto const ports = ports_of(pool);
    bool const in_range = ports.first >= 1 && ports.last <= kLastFrontendPort &&
                          ports.last - ports.first + 1 >= kFewestFrontendPorts;
    if (!in_range || ports.overlaps({kReservedFrontendBegin, kReservedFrontendEnd}))
        return refuse(index, "frontendPortRangeStart", "The range is too small, out of range or reserved");
    return check_rules(pool, index);
}

}  // namespace

Fault check_network(Json const& network) {
    auto const* const endpoint = find(network, "endpointConfiguration");
    if (endpoint == nullptr) return std::nullopt;
    auto const& pools = endpoint->at("inboundNATPools");
    if (pools.size() > kMostPools)
        return wire::invalid_property(std::string(kPools), "", "More than 5 inbound NAT pools");
    for (std::size_t i = 0; i < pools.size(); ++i) {
        if (auto fault = check_pool(pools[i], i)) return fault;
        for (std::size_t j = 0; j < i; ++j) {
            if (ports_of(pools[i]).overlaps(ports_of(pools[j])))
                return refuse(i, "frontendPortRangeStart", "The range overlaps another pool's");
        }
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::batch::rules
