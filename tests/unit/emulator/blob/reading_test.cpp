#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace bluebatch::emulator::blob {
namespace {

using http::Verb;

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

// A blob in many blocks, in files and in rows.
class ManyBlocks : public BlobFixture {
protected:
    static constexpr int kBlocks = 200;

    void put_blocks(std::size_t block_size) {
        std::string list;
        for (int i = 0; i < kBlocks; ++i) {
            auto const id = fmt::format("{:04}", i);
            std::string const bytes(block_size, static_cast<char>('a' + i % 26));
            auto const target = "/con/b?comp=block&blockid=" + id;
            ASSERT_EQ(ask({Verb::put, target, {}, bytes}).status, 201);
            expected_ += bytes;
            list += "<Latest>" + id + "</Latest>";
        }
        auto const commit =
            ask({Verb::put, "/con/b?comp=blocklist", {}, "<BlockList>" + list + "</BlockList>"});
        ASSERT_EQ(commit.status, 201) << commit.text;
    }

    std::size_t content_files() const {
        std::size_t count = 0;
        for (auto const& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "content")) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }

    bool content_files_become(std::size_t wanted) const {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (content_files() != wanted) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        return true;
    }

    std::string expected_;
};

TEST_F(ManyBlocks, AreNotAllOpenAtOnce) {
    put_blocks(20'000);
    ASSERT_EQ(content_files(), static_cast<std::size_t>(kBlocks));
    auto const before = open_descriptors();

    auto const response = ask({Verb::get, "/con/b"});

    EXPECT_LT(open_descriptors(), before + 10);
    EXPECT_EQ(body_of(response), expected_);
}

TEST_F(ManyBlocks, StayForWhoeverReadsThemAndGoAfterwards) {
    put_blocks(20'000);
    {
        auto const response = ask({Verb::get, "/con/b"});
        ASSERT_EQ(response.status, 200);
        ASSERT_EQ(ask({Verb::remove, "/con/b"}).status, 202);
        // The cleaner goes by the order of the deletions: with this one it has passed the blocks.
        put("other", std::string(20'000, 'x'));
        ASSERT_EQ(ask({Verb::remove, "/con/other"}).status, 202);
        ASSERT_TRUE(content_files_become(kBlocks));
        EXPECT_EQ(body_of(response), expected_);
    }
    EXPECT_TRUE(content_files_become(0));
}

TEST_F(ManyBlocks, GiveRangesToo) {
    put_blocks(20'000);

    auto const few = ask({Verb::get, "/con/b", {{"x-ms-range", "bytes=19999-40000"}}});
    auto const many = ask({Verb::get, "/con/b", {{"x-ms-range", "bytes=100-2000099"}}});

    EXPECT_EQ(body_of(few), expected_.substr(19'999, 20'002));
    EXPECT_EQ(body_of(many), expected_.substr(100, 2'000'000));
}

TEST_F(ManyBlocks, InRowsDoNotFillTheMemory) {
    put_blocks(16'000);
    ASSERT_EQ(content_files(), 0U);

    auto const response = ask({Verb::get, "/con/b"});

    EXPECT_LE(response.text.size(), 64U << 10U);
    EXPECT_EQ(body_of(response), expected_);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
