#pragma once

#include "shared/http/message.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::app {

// What a part of the control interface answers.
struct ControlAnswer {
    int status = 200;
    std::string json;
};

using ControlHandler = std::function<ControlAnswer(http::Request const&)>;

// {"error": why}
ControlAnswer refuse(int status, std::string_view why);

}  // namespace bluebatch::emulator::app
