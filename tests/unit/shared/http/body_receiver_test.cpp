#include "shared/http/body_receiver.hpp"

#include "tests/unit/shared/http/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace bluebatch::http {
namespace {

class BodyReceiverTest : public ::testing::Test {
protected:
    BodyPlan plan(std::uint64_t limit, std::uint64_t memory_limit) const {
        return {
            .limit = limit,
            .memory_limit = memory_limit,
            .digest_md5 = true,
            .digest_crc64 = true,
            .spool_folder = folder_.path()};
    }

    static bool append_in_pieces(BodyReceiver& receiver, std::string_view content, std::size_t piece) {
        for (std::size_t at = 0; at < content.size(); at += piece) {
            if (!receiver.append(content.substr(at, piece))) return false;
        }
        return true;
    }

    static std::string content_of(Body const& body) {
        return body.file ? testing::read_file(body.file->path()) : body.bytes;
    }

    testing::TemporaryFolder folder_;
};

TEST_F(BodyReceiverTest, KeepsEveryByteWhereverTheLimitsFall) {
    auto const content = testing::pattern_bytes(2'000'000);
    for (std::size_t const size : {0U, 1U, 999U, 1000U, 1001U, 66'000U, 600'000U, 2'000'000U}) {
        for (std::size_t const piece : {997U, 1000U, 65'536U, 3'000'000U}) {
            auto const expected = content.substr(0, size);
            for (bool const is_size_known : {true, false}) {
                BodyReceiver receiver(
                    plan(2'000'000, 1000), is_size_known ? std::optional(size) : std::nullopt
                );
                ASSERT_TRUE(append_in_pieces(receiver, expected, piece));
                auto const body = std::move(receiver).finish();

                EXPECT_EQ(body.file.has_value(), size > 1000);
                EXPECT_EQ(body.size, size);
                EXPECT_TRUE(content_of(body) == expected) << size << " in " << piece;
                EXPECT_EQ(body.md5, base::md5(expected));
                EXPECT_EQ(body.crc64, base::crc64(expected));
            }
        }
    }
    EXPECT_EQ(folder_.file_count(), 0U);
}

TEST_F(BodyReceiverTest, WritesOverASpareFileWhateverItHeld) {
    base::SystemClock const clock;
    auto const spares = std::make_shared<base::SpareFiles>(
        folder_.path(), clock, base::SpareFiles::Limits{.least_size = 1, .least_free = 0}
    );
    auto const source = folder_.make_file(testing::pattern_bytes(5000));
    for (std::size_t const old_size : {1'000U, 700'000U, 3'000'000U}) {
        for (bool const is_copied : {false, true}) {
            auto const old = folder_.path() / "old";
            std::ofstream(old) << std::string(old_size, 'o');
            ASSERT_TRUE(spares->keep(old, [] { return true; }));
            auto written = plan(2'000'000, 1000);
            written.spare_files = spares;
            auto expected = testing::pattern_bytes(is_copied ? 2000 : 700'000);

            BodyReceiver receiver(written, std::nullopt);
            ASSERT_TRUE(append_in_pieces(receiver, expected, 65'536));
            if (is_copied) {
                ASSERT_TRUE(receiver.append_file({source, 0, 5000}));
                expected += testing::pattern_bytes(5000);
            }
            auto const body = std::move(receiver).finish();

            EXPECT_FALSE(spares->take());
            EXPECT_TRUE(content_of(body) == expected) << old_size;
            EXPECT_EQ(body.md5, base::md5(expected));
        }
    }
}

TEST_F(BodyReceiverTest, LeavesSpareFilesToLargeBodies) {
    base::SystemClock const clock;
    auto const spares = std::make_shared<base::SpareFiles>(
        folder_.path(), clock, base::SpareFiles::Limits{.least_size = 1, .least_free = 0}
    );
    std::ofstream(folder_.path() / "old") << "old";
    ASSERT_TRUE(spares->keep(folder_.path() / "old", [] { return true; }));
    auto small = plan(2'000'000, 1000);
    small.spare_files = spares;

    BodyReceiver receiver(small, 5000);
    ASSERT_TRUE(append_in_pieces(receiver, testing::pattern_bytes(5000), 5000));
    EXPECT_TRUE(content_of(std::move(receiver).finish()) == testing::pattern_bytes(5000));

    EXPECT_TRUE(spares->take());
}

TEST_F(BodyReceiverTest, TakesExactlyTheLimit) {
    for (std::uint64_t const memory_limit : {0U, 10U, 100U, 200U}) {
        BodyReceiver receiver(plan(100, memory_limit), std::nullopt);
        EXPECT_TRUE(receiver.append(std::string(60, 'a')));
        EXPECT_FALSE(receiver.append(std::string(41, 'b')));
        EXPECT_TRUE(receiver.append(std::string(40, 'c')));
        EXPECT_FALSE(receiver.append("d"));
        EXPECT_EQ(content_of(std::move(receiver).finish()), std::string(60, 'a') + std::string(40, 'c'));
    }
}

TEST_F(BodyReceiverTest, AppendsAFileToWhatIsThere) {
    auto const content = testing::pattern_bytes(1'500'000);
    auto const file = folder_.make_file(content);
    BodyReceiver receiver(plan(2'000'000, 1000), std::nullopt);
    ASSERT_TRUE(receiver.append("first"));
    ASSERT_TRUE(receiver.append_file({file, 100, 500}));
    ASSERT_TRUE(receiver.append_file({file, 7, 1'400'000}));
    ASSERT_TRUE(receiver.append("last"));
    EXPECT_FALSE(receiver.append_file({file, 0, 700'000}));

    auto const body = std::move(receiver).finish();
    auto const expected = "first" + content.substr(100, 500) + content.substr(7, 1'400'000) + "last";
    EXPECT_TRUE(content_of(body) == expected);
    EXPECT_EQ(body.md5, base::md5(expected));
    EXPECT_EQ(body.crc64, base::crc64(expected));
}

// Drops every 'x'.
class DropsX final : public BodyFilter {
public:
    std::size_t take(std::span<char> bytes) override {
        auto const rest = std::ranges::remove(bytes, 'x');
        return bytes.size() - rest.size();
    }
};

TEST_F(BodyReceiverTest, KeepsWhatAFilterLeaves) {
    std::string content;
    for (int i = 0; i < 500'000; ++i)
        content += i % 3 == 0 ? 'x' : static_cast<char>('a' + i % 7);
    auto expected = content;
    std::erase(expected, 'x');
    auto const file = folder_.make_file(content);
    for (std::uint64_t const memory_limit : {1000U, 2'000'000U}) {
        auto filtered = plan(2'000'000, memory_limit);
        filtered.filter = std::make_shared<DropsX>();
        BodyReceiver receiver(filtered, std::nullopt);
        ASSERT_TRUE(append_in_pieces(receiver, content, 997));
        ASSERT_TRUE(receiver.append_file({file, 0, content.size()}));
        auto const body = std::move(receiver).finish();

        EXPECT_EQ(body.size, 2 * expected.size());
        EXPECT_TRUE(content_of(body) == expected + expected) << memory_limit;
        EXPECT_EQ(body.md5, base::md5(expected + expected));
        EXPECT_EQ(body.crc64, base::crc64(expected + expected));
        EXPECT_EQ(body.filter, filtered.filter);
    }
}

TEST_F(BodyReceiverTest, LeavesNothingBehindWhenDropped) {
    {
        BodyReceiver receiver(plan(2'000'000, 10), std::nullopt);
        receiver.append(std::string(1'000'000, 'x'));
        EXPECT_EQ(folder_.file_count(), 1U);
    }
    EXPECT_EQ(folder_.file_count(), 0U);
    auto const file = folder_.make_file("short");
    BodyReceiver receiver(plan(100, 10), std::nullopt);
    EXPECT_THROW(receiver.append_file({file, 0, 50}), std::system_error);
}

}  // namespace
}  // namespace bluebatch::http
