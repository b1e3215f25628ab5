#pragma once

#include "emulator/domain/resource_use.hpp"
#include "shared/base/clock.hpp"

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace bluebatch::emulator::node {

// What the runs on nodes use of this machine. Thread-safe.
class UseMeter {
    struct Live {
        base::TimePoint began;
        pid_t leader = 0;                 // of its process group; 0: none now
        std::optional<clockid_t> thread;  // that does the work itself
        base::Ticks thread_began{0};
        domain::ResourceUse over;  // by what has ended
    };
    struct Node {
        domain::ResourceUse over;   // by runs that have ended
        domain::ResourceUse taken;  // what has been told so far
        std::list<Live> runs;
    };

public:
    // One run, from its beginning to its end; used by its thread.
    class Run {
    public:
        Run(UseMeter& meter, std::string pool_id, std::string node_id);
        ~Run();
        Run(Run const&) = delete;
        Run& operator=(Run const&) = delete;

        void process_begins(pid_t leader);
        // The leader has ended and is not reaped yet.
        void process_ends();
        // This thread does the work; threads that it starts are not measured.
        void thread_begins();
        void thread_ends();
        void received(std::uint64_t bytes);
        void sent(std::uint64_t bytes);

    private:
        UseMeter& meter_;
        std::shared_ptr<Node> node_;
        std::list<Live>::iterator live_;
    };

    // `disk` is where nodes keep their files.
    UseMeter(std::filesystem::path disk, base::Clock& clock) : disk_(std::move(disk)), clock_(clock) {}

    // What the nodes of a pool have used since the last call. Reads what the kernel knows of their processes,
    // and no disk.
    domain::ResourceUse take(std::string const& pool_id);
    void forget(std::string const& pool_id, std::string const& node_id);

private:
    using Groups = std::map<pid_t, domain::ResourceUse>;

    Groups groups_of(std::string const& pool_id);
    domain::ResourceUse sum_of(Node const& node, Groups const& groups) const;

    std::filesystem::path const disk_;
    base::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, std::map<std::string, std::shared_ptr<Node>>> pools_;  // by ids of pool and node
};

}  // namespace bluebatch::emulator::node
