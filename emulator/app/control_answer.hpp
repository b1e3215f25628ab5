#pragma once

#include "shared/http/service.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::app {

// What a part of the control interface answers.
struct ControlAnswer {
    int status = 200;
    std::string json;
};

using ControlHandler = std::function<ControlAnswer(http::Request const&)>;
// How to take the body of a request; nothing where the usual way does.
using ControlBodyPlan = std::function<std::optional<http::BodyPlan>(http::RequestHead const&)>;

// {"error": why}
ControlAnswer refuse(int status, std::string_view why);

}  // namespace bluebatch::emulator::app
