#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// What is left on the disk of what no client sees any more.
class CleaningTest : public BlobFixture {
protected:
    void put_block(std::string const& name, std::string const& id, std::string const& body) {
        auto const target = "/con/" + name + "?comp=block&blockid=" + http::percent_encode(id);
        ASSERT_EQ(ask({http::Verb::put, target, {}, body}).status, 201);
    }
    void retain_a_day() {
        service_.policies().change("acc", [](cases::AccountPolicy& policy) {
            policy.blob_retention_days = 1;
        });
    }
    std::int64_t count_files() const {
        namespace fs = std::filesystem;
        auto const is_file = [](fs::directory_entry const& entry) { return entry.is_regular_file(); };
        return std::ranges::count_if(fs::recursive_directory_iterator(folder_.path() / "content"), is_file);
    }
    std::int64_t count_rows(std::string const& table) const {
        storage::Connection connection(folder_.path() / "blob.sqlite", storage::Connection::Mode::read_only);
        auto const read = [](storage::Row const& row) { return row.integer(0); };
        return connection.find("SELECT count(*) FROM " + table, {}, read).value();
    }
    static bool becomes(std::int64_t wanted, std::function<std::int64_t()> const& count) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (std::chrono::steady_clock::now() < deadline) {
            if (count() == wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return false;
    }
};

TEST_F(CleaningTest, TheFileOfAReplacedWaitingBlockGoes) {
    put_block("b", "MDE=", std::string(40'000, 'x'));
    EXPECT_TRUE(becomes(1, [this] { return count_files(); }));

    put_block("b", "MDE=", std::string(40'000, 'y'));

    EXPECT_TRUE(becomes(1, [this] { return count_files(); }));
}

TEST_F(CleaningTest, WaitingBlocksThatAListLeavesOutGo) {
    put_block("b", "MDE=", std::string(40'000, 'x'));
    put_block("b", "MDI=", std::string(40'000, 'y'));
    put_block("b", "MDM=", "z");

    auto const list = "<BlockList><Latest>MDM=</Latest><Latest>MDE=</Latest></BlockList>";
    EXPECT_EQ(ask({http::Verb::put, "/con/b?comp=blocklist", {}, list}).status, 201);

    EXPECT_TRUE(becomes(1, [this] { return count_files(); }));
    EXPECT_TRUE(becomes(0, [this] { return count_rows("pending_blobs"); }));
    EXPECT_EQ(count_rows("pending_blocks"), 0);
    EXPECT_EQ(count_rows("contents"), 2);
    EXPECT_EQ(body_of(ask({get, "/con/b"})), "z" + std::string(40'000, 'x'));
}

TEST_F(CleaningTest, BlocksThatWaitForAWeekGo) {
    put_block("old", "MDE=", std::string(40'000, 'x'));
    put_block("old", "MDI=", "x");
    clock_.advance(std::chrono::days{4});
    put_block("new", "MDE=", std::string(40'000, 'y'));
    clock_.advance(std::chrono::days{4});

    EXPECT_TRUE(becomes(1, [this] { return count_rows("pending_blobs"); }));
    EXPECT_TRUE(becomes(1, [this] { return count_files(); }));
    EXPECT_EQ(ask({get, "/con/old?comp=blocklist&blocklisttype=all"}).status, 404);
    EXPECT_EQ(ask({get, "/con/new?comp=blocklist&blocklisttype=all"}).status, 200);
}

TEST_F(CleaningTest, EveryBlockThatIsPutLetsTheOthersWaitOn) {
    put_block("kept", "MDE=", "x");
    put_block("gone", "MDE=", "x");
    clock_.advance(std::chrono::days{6});
    put_block("kept", "MDI=", "y");
    clock_.advance(std::chrono::days{6});

    EXPECT_TRUE(becomes(1, [this] { return count_rows("pending_blobs"); }));
    auto const list = ask({get, "/con/kept?comp=blocklist&blocklisttype=uncommitted"});
    EXPECT_NE(list.text.find("MDE="), std::string::npos) << list.text;
    EXPECT_NE(list.text.find("MDI="), std::string::npos);
}

TEST_F(CleaningTest, ASmallBlobThatWasOverwrittenGoesOnceItsTimeIsOver) {
    // Once this is gone the cleaner waits to be told.
    put("large", std::string(40'000, 'x'));
    ASSERT_EQ(ask({remove, "/con/large"}).status, 202);
    ASSERT_TRUE(becomes(0, [this] { return count_rows("removals"); }));
    retain_a_day();
    put("b", "old");
    put("b", "new");
    EXPECT_EQ(count_rows("blobs"), 2);

    clock_.advance(std::chrono::days{2});

    EXPECT_TRUE(becomes(1, [this] { return count_rows("blobs"); }));
    EXPECT_EQ(body_of(ask({get, "/con/b"})), "new");
}

TEST_F(CleaningTest, FilesThatComeLateGoThoughTheirIdsArePassed) {
    constexpr int kRowsAtOnce = 200;  // of the cleaner
    retain_a_day();
    put_block("early", "MDE=", std::string(40'000, 'x'));
    put_block("early", "MDI=", std::string(40'000, 'y'));
    auto const list = "<BlockList><Latest>MDE=</Latest><Latest>MDI=</Latest></BlockList>";
    for (int i = 0; i < kRowsAtOnce; ++i) {
        auto const name = fmt::format("late{}", i);
        put(name, std::string(20'000, 'z'));
        ASSERT_EQ(ask({remove, "/con/" + name}).status, 202);
    }
    ASSERT_EQ(ask({http::Verb::put, "/con/early?comp=blocklist", {}, list}).status, 201);
    clock_.advance(std::chrono::seconds{1});
    ASSERT_EQ(ask({remove, "/con/early"}).status, 202);
    ASSERT_EQ(count_files(), kRowsAtOnce + 2);

    clock_.advance(std::chrono::days{2});

    EXPECT_TRUE(becomes(0, [this] { return count_files(); }));
}

}  // namespace
}  // namespace bluebatch::emulator::blob
