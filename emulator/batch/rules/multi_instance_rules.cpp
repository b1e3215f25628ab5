#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/domain/task.hpp"

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;

Fault check_number(Json const& settings) {
    auto const* const number = find(settings, "numberOfInstances");
    if (number == nullptr) return std::nullopt;
    auto const value = number->get<std::int64_t>();
    if (value >= 1 && value <= domain::kMostInstances) return std::nullopt;
    return wire::invalid_property(
        "multiInstanceSettings.numberOfInstances",
        std::to_string(value),
        "A multi-instance task has between 1 and " + std::to_string(domain::kMostInstances) + " instances"
    );
}

}  // namespace

Fault check_multi_instance(Json const& task) {
    auto const* const settings = find(task, "multiInstanceSettings");
    if (settings == nullptr) return std::nullopt;
    if (auto fault = check_number(*settings)) return fault;
    if (find(task, "containerSettings") != nullptr) {
        return wire::unsupported_property(
            "containerSettings", "The emulator runs multi-instance tasks as processes only"
        );
    }
    if (wire::text_of(*settings, "coordinationCommandLine").empty()) {
        return wire::invalid_property(
            "multiInstanceSettings.coordinationCommandLine", "", "The command line is empty"
        );
    }
    auto const* const slots = find(task, "requiredSlots");
    if (slots != nullptr && slots->get<std::int64_t>() != 1) {
        return wire::invalid_property(
            "requiredSlots",
            std::to_string(slots->get<std::int64_t>()),
            "A multi-instance task needs one slot"
        );
    }
    return check_resource_files(*settings, "multiInstanceSettings.", "commonResourceFiles");
}

}  // namespace bluebatch::emulator::batch::rules
