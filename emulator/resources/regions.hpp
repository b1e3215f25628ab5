#pragma once

#include <span>
#include <string_view>

namespace bluebatch::emulator::resources {

// Where resources can be said to lie.
struct Region {
    std::string_view name;
    std::string_view display_name;
    std::string_view group;  // of its geography
    std::string_view latitude;
    std::string_view longitude;
    std::string_view place;
};

std::span<Region const> regions();

}  // namespace bluebatch::emulator::resources
