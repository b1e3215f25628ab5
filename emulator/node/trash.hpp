#pragma once

#include "shared/base/random.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>

namespace bluebatch::emulator::node {

// Removes a tree, also one whose owner took the rights from its folders, as tasks do. Tells what stands in
// the way, and nothing when there is no such tree; ends early when asked to stop.
std::error_code remove_tree(std::filesystem::path const& path, std::stop_token const& stop = {});

// A folder for what is to be removed, on the file system where that lies. Throwing away is a rename, so it
// never waits; a thread removes what is there. Thread-safe.
class Trash {
public:
    // Makes the folder. What an earlier life left in it goes as well.
    explicit Trash(std::filesystem::path folder);
    ~Trash() = default;  // what is left goes in a later life
    Trash(Trash const&) = delete;
    Trash& operator=(Trash const&) = delete;

    std::error_code throw_away(std::filesystem::path const& path);

private:
    void begin_to_empty();  // with the mutex held
    void empty(std::stop_token const& stop);

    std::filesystem::path const folder_;
    base::SystemRandom random_;

    std::mutex mutex_;
    std::condition_variable_any something_thrown_away_;
    bool is_full_ = false;
    std::jthread remover_;  // once there is something to remove
};

}  // namespace bluebatch::emulator::node
