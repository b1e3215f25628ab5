#pragma once

#include "shared/base/time.hpp"

#include <string>

namespace bluebatch::emulator::domain {

inline constexpr base::Ticks kNodeUserLifetime = std::chrono::days{1};  // Batch: NODE-13

// Someone who may log in to a node. Nothing is made of it on this machine; of a password it is only known
// that there is one.
struct NodeUser {
    std::string pool_id;
    std::string node_id;
    std::string name;
    bool is_admin = false;
    base::TimePoint expiry_time;
    bool has_password = false;
    std::string ssh_public_key;
};

}  // namespace bluebatch::emulator::domain
