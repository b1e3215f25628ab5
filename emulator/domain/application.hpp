#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

inline constexpr std::size_t kMostPackageReferences = 10;  // of a pool. Batch: APP-1
inline constexpr std::size_t kMostApplications = 200;      // of an account. Batch: APP-5
inline constexpr std::size_t kMostPackages = 40;           // of an application. Batch: APP-5

struct ApplicationPackage {
    std::int64_t sequence = 0;  // names its file; set by the store
    std::string version;
    std::int64_t size = 0;
    base::TimePoint last_modified;
};

// What pools and tasks name to have it on their nodes. Ids and versions compare without case.
struct Application {
    std::string id;
    std::string display_name;                  // empty: none
    std::string default_version;               // empty: none
    bool allow_updates = true;                 // whether packages may be replaced and deleted
    std::vector<ApplicationPackage> packages;  // in order of versions
};

}  // namespace bluebatch::emulator::domain
