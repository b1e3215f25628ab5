#pragma once

#include "shared/base/time.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::resources {

// A version of an application, whose file may not have come yet.
struct Package {
    std::string application;
    std::string version;
    bool is_active = false;
    std::optional<base::TimePoint> activated{};
    base::TimePoint changed;
};

struct ApplicationChange {
    std::optional<std::string> display_name;
    std::optional<bool> allow_updates;
    std::optional<std::string> default_version;
};

}  // namespace bluebatch::emulator::resources
