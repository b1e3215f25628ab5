#include "shared/base/md5_lanes.hpp"

#include "shared/base/md5.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace bluebatch::base {
namespace {

// Everywhere the same, so that a failure comes again.
class Md5LanesTest : public ::testing::TestWithParam<Md5Lanes> {
protected:
    std::size_t below(std::size_t end) { return random_() % end; }

    std::string bytes(std::size_t size) {
        std::string made(size, '\0');
        for (auto& byte : made)
            byte = static_cast<char>(random_());
        return made;
    }

private:
    std::mt19937_64 random_{1321};
};

// RFC 1321, 3.1 and 3.2: what makes blocks of a message.
std::string padded(std::string message) {
    auto bits = 8 * static_cast<std::uint64_t>(message.size());
    message += '\x80';
    message.resize((message.size() + 8 + kMd5Block - 1) / kMd5Block * kMd5Block - 8);
    for (int i = 0; i < 8; ++i, bits >>= 8U)
        message += static_cast<char>(bits);
    return message;
}

constexpr std::array<std::uint32_t, 4> kBegin{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};

TEST_P(Md5LanesTest, EveryNumberOfLanesDigestsAsOneStreamDoes) {
    for (std::size_t count = 1; count <= GetParam().width(); ++count) {
        auto const size = below(1000);
        std::vector<Md5Digest> expected;
        std::vector<std::string> messages;
        for (std::size_t i = 0; i < count; ++i) {
            auto const message = bytes(size);
            expected.push_back(md5(message));
            messages.push_back(padded(message));
        }
        std::vector<Md5Lane> lanes;
        for (auto const& message : messages)
            lanes.push_back({kBegin, message.data()});

        GetParam().advance(lanes, messages.front().size() / kMd5Block);
        for (std::size_t i = 0; i < count; ++i) {
            Md5Digest digest{};
            std::memcpy(digest.data(), lanes[i].state.data(), digest.size());
            EXPECT_EQ(digest, expected[i]) << "lane " << i << " of " << count << ", " << size << " bytes";
        }
    }
}

TEST_P(Md5LanesTest, LanesGoOnWhereTheyStopped) {
    auto const message = padded(bytes(1000));
    std::vector<Md5Lane> at_once(GetParam().width(), {kBegin, message.data()});
    auto in_steps = at_once;
    GetParam().advance(at_once, 10);
    GetParam().advance(in_steps, 0);
    GetParam().advance(in_steps, 3);
    for (auto& lane : in_steps)
        lane.blocks += 3 * kMd5Block;
    GetParam().advance(in_steps, 7);
    for (std::size_t i = 0; i < at_once.size(); ++i)
        EXPECT_EQ(in_steps[i].state, at_once[i].state);
}

TEST_P(Md5LanesTest, PiecesOfAnyLengthDigestTogetherAsTheyDoAlone) {
    for (std::size_t count = 0; count <= 2 * GetParam().width() + 1; ++count) {
        std::vector<Md5> hashes(count);
        std::vector<std::string> whole(count);
        for (int round = 0; round < 6; ++round) {
            std::vector<std::string> parts;
            for (std::size_t i = 0; i < count; ++i) {
                // Empty ones, parts of a block, whole blocks, and much longer ones among short ones.
                auto const kind = below(4);
                parts.push_back(bytes(kind == 0 ? below(3) : kind == 1 ? kMd5Block * below(4) : below(700)));
                whole[i] += parts.back();
            }
            std::vector<Md5Piece> pieces;
            for (std::size_t i = 0; i < count; ++i)
                pieces.push_back({&hashes[i], parts[i]});
            update_together(pieces, GetParam());
        }
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_EQ(std::move(hashes[i]).finish(), md5(whole[i])) << i << " of " << count;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Machine,
    Md5LanesTest,
    ::testing::ValuesIn(Md5Lanes::supported().begin(), Md5Lanes::supported().end()),
    [](auto const& instance) {
        std::string name{instance.param.name()};
        std::erase(name, '-');
        return name;
    }
);

// Lanes count on where the first word of the counter is full.
TEST(Md5Together, CountsMoreBitsThanAWordHolds) {
    constexpr std::size_t kBytesOfWord = 512 << 20;
    std::string const zeros(16 << 20, '\0');
    auto const near_the_end = [&] {
        Md5 hash;
        for (std::size_t size = 0; size < kBytesOfWord - zeros.size(); size += zeros.size())
            hash.update(zeros);
        hash.update(std::string_view(zeros).substr(kMd5Block));
        return hash;
    };
    auto const rest = std::string_view(zeros).substr(0, 3 * kMd5Block + 5);
    auto alone = near_the_end();
    alone.update(rest);

    auto const& lanes = Md5Lanes::best();
    std::vector<Md5> hashes;
    std::vector<Md5Piece> pieces;
    for (std::size_t i = 0; i < std::min(lanes.least(), lanes.width()); ++i)
        hashes.push_back(near_the_end());
    for (auto& hash : hashes)
        pieces.push_back({&hash, rest});
    update_together(pieces, lanes);

    auto const expected = std::move(alone).finish();
    for (auto& hash : hashes)
        EXPECT_EQ(std::move(hash).finish(), expected);
}

}  // namespace
}  // namespace bluebatch::base
