#include "emulator/app/control_answer.hpp"

#include <nlohmann/json.hpp>

namespace bluebatch::emulator::app {

ControlAnswer refuse(int status, std::string_view why) {
    using nlohmann::json;
    return {status, json{{"error", why}}.dump(-1, ' ', false, json::error_handler_t::replace)};
}

}  // namespace bluebatch::emulator::app
