#pragma once

#include "shared/base/unique_descriptor.hpp"

#include <filesystem>

namespace bluebatch::emulator::app {

// The folder that holds all state, held by one emulator at a time. An in-memory one is made for this run, on
// a file system in memory where there is a fit one, and removed at the end; one left behind by a killed
// emulator is removed by the next.
class Location {
public:
    // Makes the folder (readable by its owner only) unless it is there. Throws std::runtime_error with what
    // to do when it can't be used or another emulator holds it.
    static Location open(std::filesystem::path const& folder);
    static Location temporary();

    ~Location();
    Location(Location&&) noexcept = default;
    Location& operator=(Location&&) = delete;

    std::filesystem::path const& path() const { return path_; }

private:
    enum class Lifetime { kept, temporary };
    Location(std::filesystem::path path, base::UniqueDescriptor lock, Lifetime lifetime)
        : path_(std::move(path)), lock_(std::move(lock)), lifetime_(lifetime) {}

    std::filesystem::path path_;
    base::UniqueDescriptor lock_;
    Lifetime lifetime_;
};

// Makes it readable by its owner only, unless it is there. Throws std::runtime_error with what to do.
void make_folder(std::filesystem::path const& folder);

// Removes in-memory locations whose emulators are gone, and ends what their tasks left running. What can't be
// looked at stays.
void remove_abandoned_locations();

}  // namespace bluebatch::emulator::app
