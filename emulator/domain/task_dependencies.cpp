#include "emulator/domain/task_dependencies.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::domain {

std::optional<std::int64_t> number_of_id(std::string_view task_id) {
    auto const number = base::parse_number<std::int32_t>(task_id);
    return number ? std::optional<std::int64_t>{*number} : std::nullopt;
}

}  // namespace bluebatch::emulator::domain
