#include "shared/http/background_md5.hpp"

#include "tests/unit/shared/http/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bluebatch::http {
namespace {

// Through as few buffers as a caller may have, each overwritten as soon as that is allowed.
base::Md5Digest digest_in_pieces(std::string_view content, std::size_t piece) {
    std::array<std::string, BackgroundMd5::kMostWaiting + 1> buffers;
    BackgroundMd5 md5;
    for (std::size_t at = 0, number = 0; at < content.size(); at += piece, ++number) {
        auto& buffer = buffers[number % buffers.size()];
        std::ranges::fill(buffer, '?');
        buffer = content.substr(at, piece);
        md5.update(buffer);
    }
    return std::move(md5).finish();
}

TEST(BackgroundMd5, IsTheMd5OfNothingAtFirst) {
    BackgroundMd5 md5;
    md5.update("");
    md5.wait();
    EXPECT_EQ(std::move(md5).finish(), base::md5(""));
}

TEST(BackgroundMd5, KeepsTheOrderOfPieces) {
    auto const content = testing::pattern_bytes(300'000);
    for (std::size_t const piece : {997U, 4096U, 65'536U, 400'000U})
        EXPECT_EQ(digest_in_pieces(content, piece), base::md5(content)) << piece;
}

TEST(BackgroundMd5, ManyAtOnceAreEachTheirOwn) {
    constexpr std::size_t kBodies = 24;
    auto const content = testing::pattern_bytes(500'000);
    std::vector<std::optional<base::Md5Digest>> digests(kBodies);
    auto const part_of = [&](std::size_t body) { return std::string_view(content).substr(body * 1009); };
    {
        std::latch start(kBodies);
        std::vector<std::jthread> threads;
        for (std::size_t body = 0; body < kBodies; ++body) {
            threads.emplace_back([&, body] {
                start.arrive_and_wait();
                digests[body] = digest_in_pieces(part_of(body), 1000 + 777 * body);
            });
        }
    }
    for (std::size_t body = 0; body < kBodies; ++body)
        EXPECT_EQ(digests[body], base::md5(part_of(body))) << body;
}

TEST(BackgroundMd5, OneThreadMayFeedMany) {
    auto const content = testing::pattern_bytes(400'000);
    constexpr std::size_t kPiece = 10'000;
    std::vector<BackgroundMd5> hashes(40);
    for (std::size_t at = 0; at < content.size(); at += kPiece) {
        for (auto& hash : hashes)
            hash.update(std::string_view(content).substr(at, kPiece));
    }
    for (auto& hash : hashes)
        EXPECT_EQ(std::move(hash).finish(), base::md5(content));
}

TEST(BackgroundMd5, GoneEarlyItLeavesThePiecesAlone) {
    for (int round = 0; round < 50; ++round) {
        auto content = std::string(100'000, 'x');
        {
            BackgroundMd5 md5;
            for (std::size_t i = 0; i < BackgroundMd5::kMostWaiting; ++i)
                md5.update(content);
        }
        // A helper that still read would race with this.
        std::ranges::fill(content, 'y');
    }
    EXPECT_EQ(digest_in_pieces("abc", 1), base::md5("abc"));
}

}  // namespace
}  // namespace bluebatch::http
