#include "emulator/node/process_use.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/wait.h>

#include <csignal>
#include <string>

namespace bluebatch::emulator::node {
namespace {

using std::chrono::milliseconds;

// 100 clock ticks a second is what every Linux has told its users for decades.
TEST(ProcessStatus, TellsTimesAndMemory) {
    auto const status = parse_process_status(
        "4242 (a name) with ) 7) S 1 4200 4200 0 -1 4194560 1 2 3 4 150 50 25 75 20 0 1 0 100 1000000 12 0\n"
    );
    ASSERT_TRUE(status);
    EXPECT_EQ(status->cpu_time, milliseconds{3000});
    EXPECT_EQ(status->memory_bytes, 12U * static_cast<unsigned long>(::sysconf(_SC_PAGESIZE)));
}

TEST(ProcessStatus, OfNoProcessIsNone) {
    EXPECT_FALSE(parse_process_status(""));
    EXPECT_FALSE(parse_process_status("4242 (name"));
    EXPECT_FALSE(parse_process_status("4242 (name) S 1 4200"));
}

TEST(ProcessIo, TellsWhatReachedTheDiskAndHowManyCalls) {
    domain::ResourceUse use;
    parse_process_io(
        "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n",
        use
    );
    EXPECT_EQ(use.disk_reads, 3U);
    EXPECT_EQ(use.disk_writes, 4U);
    EXPECT_EQ(use.disk_read_bytes, 5U);
    EXPECT_EQ(use.disk_write_bytes, 6U);
}

TEST(ProcessTree, HoldsTheProcessesBelowTheFirst) {
    auto const own = read_process_use(::getpid());
    EXPECT_GT(own.memory_bytes, 0U);
    EXPECT_GT(own.disk_reads, 0U);
    pid_t const child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    EXPECT_GT(read_tree_use(::getpid()).memory_bytes, own.memory_bytes);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(read_tree_use(child).memory_bytes, 0U);
}

}  // namespace
}  // namespace bluebatch::emulator::node
