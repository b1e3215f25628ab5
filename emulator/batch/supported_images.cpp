#include "emulator/batch/supported_images.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch {
namespace {

using codec::odata::Combination;
using codec::odata::Comparison;
using codec::odata::Filter;
using codec::odata::Operator;

// clang-format off
constexpr auto kImages = std::to_array<SupportedImage>({
    {"canonical",              "ubuntuserver",                 "18.04-lts",           "batch.node.ubuntu 18.04",  "linux",   "verified"},
    {"canonical",              "0001-com-ubuntu-server-focal", "20_04-lts",           "batch.node.ubuntu 20.04",  "linux",   "verified"},
    {"canonical",              "0001-com-ubuntu-server-focal", "20_04-lts-gen2",      "batch.node.ubuntu 20.04",  "linux",   "verified"},
    {"canonical",              "0001-com-ubuntu-server-jammy", "22_04-lts",           "batch.node.ubuntu 22.04",  "linux",   "verified"},
    {"canonical",              "0001-com-ubuntu-server-jammy", "22_04-lts-gen2",      "batch.node.ubuntu 22.04",  "linux",   "verified"},
    {"canonical",              "ubuntu-24_04-lts",             "server",              "batch.node.ubuntu 24.04",  "linux",   "verified"},
    {"microsoft-azure-batch",  "ubuntu-server-container",      "20-04-lts",           "batch.node.ubuntu 20.04",  "linux",   "verified"},
    {"microsoft-dsvm",         "ubuntu-2004",                  "2004",                "batch.node.ubuntu 20.04",  "linux",   "verified"},
    {"microsoft-dsvm",         "ubuntu-hpc",                   "2204",                "batch.node.ubuntu 22.04",  "linux",   "verified"},
    {"openlogic",              "centos",                       "7_9",                 "batch.node.centos 7",      "linux",   "verified"},
    {"almalinux",              "almalinux",                    "8-gen2",              "batch.node.el 8",          "linux",   "verified"},
    {"almalinux",              "almalinux",                    "9-gen2",              "batch.node.el 9",          "linux",   "verified"},
    {"debian",                 "debian-10",                    "10",                  "batch.node.debian 10",     "linux",   "verified"},
    {"debian",                 "debian-11",                    "11",                  "batch.node.debian 11",     "linux",   "verified"},
    {"microsoftwindowsserver", "windowsserver",                "2016-datacenter",     "batch.node.windows amd64", "windows", "unverified"},
    {"microsoftwindowsserver", "windowsserver",                "2019-datacenter",     "batch.node.windows amd64", "windows", "unverified"},
    {"microsoftwindowsserver", "windowsserver",                "2022-datacenter",     "batch.node.windows amd64", "windows", "unverified"},
});
// clang-format on

std::string_view member_of(SupportedImage const& image, std::string_view field) {
    if (field == "osType") return image.os_type;
    return field == "verificationType" ? image.verification_type : image.node_agent_sku_id;
}

}  // namespace

std::span<SupportedImage const> supported_images() {
    return kImages;
}

wire::Json to_json(SupportedImage const& image) {
    return {
        {"nodeAgentSKUId", image.node_agent_sku_id},
        {"imageReference",
         {{"publisher", image.publisher}, {"offer", image.offer}, {"sku", image.sku}, {"version", "latest"}}},
        {"osType", image.os_type},
        {"verificationType", image.verification_type}};
}

bool can_filter_images(Filter const& filter) {
    if (auto const* const combination = std::get_if<Combination>(&filter.node))
        return std::ranges::all_of(combination->parts, can_filter_images);
    auto const& comparison = std::get<Comparison>(filter.node);
    bool const is_member = comparison.field == "osType" || comparison.field == "verificationType" ||
                           comparison.field == "nodeAgentSKUId";
    bool const is_equality = comparison.op == Operator::eq || comparison.op == Operator::ne;
    return is_member && is_equality && std::holds_alternative<std::string>(comparison.value);
}

bool matches(SupportedImage const& image, Filter const& filter) {
    auto const fits = [&](Filter const& part) { return matches(image, part); };
    if (auto const* const combination = std::get_if<Combination>(&filter.node)) {
        bool const all = combination->kind == Combination::Kind::all;
        return all ? std::ranges::all_of(combination->parts, fits)
                   : std::ranges::any_of(combination->parts, fits);
    }
    auto const& comparison = std::get<Comparison>(filter.node);
    bool const is_same = base::equal_ignoring_case(
        member_of(image, comparison.field), std::get<std::string>(comparison.value)
    );
    return is_same == (comparison.op == Operator::eq);
}

}  // namespace bluebatch::emulator::batch
