#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/supported_images.hpp"
#include "emulator/batch/wire/parts.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/domain/vm_size.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::set_default;
using wire::text_of;

constexpr std::int64_t kMostNodes = 100'000;
constexpr std::int64_t kMostSlots = 256;                          // Batch: SLOT-1
constexpr std::int64_t kMostSlotsPerCore = 4;                     // Batch: SLOT-1
constexpr std::size_t kLongestStartTask = 32'768;                 // Batch: START-7
constexpr base::Ticks kShortestResize = std::chrono::minutes{5};  // Batch: POOL-7

Fault check_start_task(Json const& body) {
    auto const* const task = find(body, "startTask");
    if (task == nullptr) return std::nullopt;
    if (auto fault = check_command_line(*task, "startTask.")) return fault;
    if (wire::dump(*task).size() > kLongestStartTask)
        return wire::invalid_property(
            "startTask", "", "The start task is longer than 32768 characters in all"
        );
    return first_of({
        check_resource_files(*task, "startTask."),
        check_environment(*task, "environmentSettings"),
        check_user_identity(*task, "startTask."),
        check_range(*task, "maxTaskRetryCount", -1, INT32_MAX),
    });
}

// Batch: POOL-32
Fault check_user_accounts(Json const& body) {
    auto const* const accounts = find(body, "userAccounts");
    if (accounts == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < accounts->size(); ++i) {
        auto const& account = (*accounts)[i];
        auto const path = fmt::format("userAccounts[{}]", i);
        if (text_of(account, "name").empty())
            return wire::invalid_property(path + ".name", "", "The name is empty");
        auto const* const linux_user = find(account, "linuxUserConfiguration");
        if (linux_user == nullptr) continue;
        if ((find(*linux_user, "uid") == nullptr) != (find(*linux_user, "gid") == nullptr)) {
            return wire::invalid_property(
                path + ".linuxUserConfiguration", "", "uid and gid must be given together or not at all"
            );
        }
    }
    return std::nullopt;
}

// Batch: POOL-9
Fault check_machine(Json const& body) {
    bool const is_virtual = find(body, "virtualMachineConfiguration") != nullptr;
    bool const is_cloud_service = find(body, "cloudServiceConfiguration") != nullptr;
    if (!is_virtual && !is_cloud_service) return wire::missing_property("virtualMachineConfiguration");
    if (is_virtual && is_cloud_service) {
        return wire::invalid_property(
            "cloudServiceConfiguration", "", "It excludes virtualMachineConfiguration"
        );
    }
    return std::nullopt;
}

// An image that is not in the table may go with any node agent. Batch: POOL-9
Fault check_node_agent(Json const& machine) {
    auto const& reference = machine.at("imageReference");
    auto const is_named = [&](SupportedImage const& image) {
        return base::equal_ignoring_case(text_of(reference, "publisher"), image.publisher) &&
               base::equal_ignoring_case(text_of(reference, "offer"), image.offer) &&
               base::equal_ignoring_case(text_of(reference, "sku"), image.sku);
    };
    auto const image = std::ranges::find_if(supported_images(), is_named);
    if (image == supported_images().end()) return std::nullopt;
    auto const agent = text_of(machine, "nodeAgentSKUId");
    if (base::equal_ignoring_case(agent, image->node_agent_sku_id)) return std::nullopt;
    return wire::invalid_property(
        "virtualMachineConfiguration.nodeAgentSKUId",
        std::string(agent.substr(0, 256)),
        fmt::format("The node agent of this image is '{}'", image->node_agent_sku_id)
    );
}

Fault check_image(Json const& body) {
    auto const* const machine = find(body, "virtualMachineConfiguration");
    if (machine == nullptr) return std::nullopt;
    auto const& image = machine->at("imageReference");
    bool const has_id = find(image, "virtualMachineImageId") != nullptr ||
                        find(image, "sharedGalleryImageId") != nullptr ||
                        find(image, "communityGalleryImageId") != nullptr;
    bool const has_name = find(image, "publisher") != nullptr && find(image, "offer") != nullptr &&
                          find(image, "sku") != nullptr;
    if (has_id) return std::nullopt;
    if (has_name) return check_node_agent(*machine);
    return wire::invalid_property(
        "virtualMachineConfiguration.imageReference",
        "",
        "An image is named by publisher, offer and sku, or by the id of an image"
    );
}

constexpr base::Ticks kShortestInterval = std::chrono::minutes{5};
constexpr base::Ticks kLongestInterval = std::chrono::hours{168};

Fault check_targets(Json const& body) {
    return first_of({
        check_range(body, "targetDedicatedNodes", 0, kMostNodes),
        check_range(body, "targetLowPriorityNodes", 0, kMostNodes),
        check_resize_timeout(body),
    });
}

// Batch: POOL-6
Fault check_some_target(Json const& body) {
    bool const has_target =
        find(body, "targetDedicatedNodes") != nullptr || find(body, "targetLowPriorityNodes") != nullptr;
    return has_target ? Fault{} : wire::missing_property("targetDedicatedNodes");
}

Fault check_sizing(Json const& body) {
    auto const* const enable = find(body, "enableAutoScale");
    bool const scales = enable != nullptr && enable->get<bool>();
    if (!scales) {
        for (auto const* name : {"autoScaleFormula", "autoScaleEvaluationInterval"}) {
            if (find(body, name) != nullptr)
                return wire::invalid_property(name, "", "The pool does not set enableAutoScale");
        }
        return check_some_target(body);
    }
    for (auto const* name : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
        if (find(body, name) != nullptr)
            return wire::invalid_property(name, "", "A pool with enableAutoScale finds its size by itself");
    }
    if (find(body, "autoScaleFormula") == nullptr) return wire::missing_property("autoScaleFormula");
    return check_auto_scale_interval(body);
}

}  // namespace

Fault check_slots(std::int64_t slots, std::string_view vm_size) {
    auto const cores = domain::find_cores(vm_size);
    auto const most = cores ? std::min(kMostSlotsPerCore * *cores, kMostSlots) : kMostSlots;
    return check_range({{"taskSlotsPerNode", slots}}, "taskSlotsPerNode", 1, most);
}

Fault check_pool_members(Json const& body) {
    auto const* const network = find(body, "networkConfiguration");
    auto const* const vm_size = find(body, "vmSize");
    auto const* const slots = find(body, "taskSlotsPerNode");
    if (vm_size != nullptr && vm_size->get_ref<std::string const&>().empty())
        return wire::invalid_property("vmSize", "", "The size is empty");
    return first_of({
        check_display_name(body),
        slots != nullptr ? check_slots(slots->get<std::int64_t>(), text_of(body, "vmSize")) : Fault{},
        check_image(body),
        check_start_task(body),
        check_user_accounts(body),
        network != nullptr ? check_network(*network) : Fault{},
    });
}

Fault check_new_pool(Json const& body) {
    return first_of({check_id("id", text_of(body, "id")), check_pool_specification(body)});
}

Fault check_pool_specification(Json const& body) {
    return first_of({
        check_machine(body),
        check_pool_members(body),
        check_sizing(body),
        check_targets(body),
    });
}

Fault check_auto_scale_interval(Json const& body) {
    auto const text = text_of(body, "autoScaleEvaluationInterval");
    auto const interval = base::parse_iso8601_duration(text);
    if (!interval || (*interval >= kShortestInterval && *interval <= kLongestInterval)) return std::nullopt;
    return wire::invalid_property(
        "autoScaleEvaluationInterval",
        std::string(text),
        "The interval must be between 5 minutes and 168 hours"
    );
}

Fault check_resize_timeout(Json const& body) {
    return check_shortest(body, "resizeTimeout", kShortestResize);
}

Fault check_resize(Json const& body) {
    return first_of({check_some_target(body), check_targets(body)});
}

void add_pool_defaults(Json& body, wire::ApiVersion version) {
    bool const is_current = version >= wire::ApiVersion::v2019_08;
    if (auto const it = body.find("startTask"); it != body.end()) {
        set_default(*it, "userIdentity", {{"autoUser", Json::object()}});
        auto& identity = (*it)["userIdentity"];
        if (identity.contains("autoUser")) {
            set_default(identity["autoUser"], "scope", is_current ? "pool" : "task");
            set_default(identity["autoUser"], "elevationLevel", "nonadmin");
        }
        set_default(*it, "maxTaskRetryCount", 0);
        set_default(*it, "waitForSuccess", is_current);
    }
    if (auto const it = body.find("virtualMachineConfiguration"); it != body.end()) {
        auto& image = (*it)["imageReference"];
        if (image.contains("publisher")) set_default(image, "version", "latest");
        if (auto const disks = it->find("dataDisks"); disks != it->end()) {
            for (auto& disk : *disks) {
                set_default(disk, "caching", "none");
                set_default(disk, "storageAccountType", "standard_lrs");
            }
        }
    }
    if (auto const it = body.find("cloudServiceConfiguration"); it != body.end())
        set_default(*it, "osVersion", "*");
    if (auto const it = body.find("networkConfiguration"); it != body.end())
        set_default(*it, "dynamicVNetAssignmentScope", "none");
    if (auto const it = body.find("userAccounts"); it != body.end()) {
        for (auto& account : *it)
            set_default(account, "elevationLevel", "nonadmin");
    }
}

}  // namespace bluebatch::emulator::batch::rules
