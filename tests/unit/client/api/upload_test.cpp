#include "client/api/upload.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>

namespace bluebatch::client {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

TEST(PlanBlocks, ASmallFileNeedsNone) {
    EXPECT_TRUE(plan_blocks(0).empty());
    EXPECT_TRUE(plan_blocks(16 * kMebibyte).empty());
}

TEST(PlanBlocks, CoverTheFileWithoutGaps) {
    auto const blocks = plan_blocks(20 * kMebibyte + 1);
    ASSERT_EQ(blocks.size(), 3U);
    std::uint64_t offset = 0;
    std::uint64_t number = 0;
    for (auto const& block : blocks) {
        EXPECT_EQ(block.offset, offset);
        EXPECT_EQ(block.number, number++);
        offset += block.length;
    }
    EXPECT_EQ(offset, 20 * kMebibyte + 1);
}

TEST(PlanBlocks, NeverMoreThanTheServiceTakes) {
    EXPECT_LE(plan_blocks(std::uint64_t{4} << 40).size(), 50'000U);
}

// Takes everything, several at a time, and keeps what it was sent.
class TakingClient final : public http::Client {
public:
    tests::Answer send(http::OutgoingRequest const& request, http::BodySink const&, std::stop_token)
        override {
        std::scoped_lock const lock(mutex_);
        if (on_request) on_request();
        auto const query = request.url.substr(request.url.find('?') + 1);
        if (query.ends_with("blocklisttype=uncommitted")) return uncommitted();
        urls.push_back(query);
        requests.push_back(request);
        if (fail_on != 0 && urls.size() == fail_on) return tests::blob_error(403, "AuthenticationFailed");
        if (damaged_until >= urls.size()) return tests::blob_error(400, "Md5Mismatch");
        auto const id = query.find("blockid=");
        if (id != std::string::npos) {
            blocks[http::percent_decode(query.substr(id + 8))] = http::body_size(request);
        }
        return tests::answer(201);
    }
    std::vector<std::string> urls;
    std::vector<http::OutgoingRequest> requests;
    std::map<std::string, std::uint64_t> blocks;
    std::size_t fail_on = 0;
    std::size_t damaged_until = 0;
    bool may_list = true;
    std::function<void()> on_request;

private:
    tests::Answer uncommitted() const {
        if (!may_list) return tests::blob_error(403, "AuthorizationPermissionMismatch");
        if (blocks.empty()) return tests::blob_error(404, "BlobNotFound");
        std::string list;
        for (auto const& [id, size] : blocks)
            list += fmt::format("<Block><Name>{}</Name><Size>{}</Size></Block>", id, size);
        return tests::answer(
            200, "<BlockList><UncommittedBlocks>" + list + "</UncommittedBlocks></BlockList>"
        );
    }

    std::mutex mutex_;
};

class UploadTest : public tests::PipelineTest {
protected:
    std::filesystem::path make_file(std::uint64_t size) {
        auto const path = folder_.path() / "clip.mp4";
        std::ofstream(path).put('x');
        std::filesystem::resize_file(path, size);
        return path;
    }

    ApiResult<void> upload(std::filesystem::path const& file) {
        Pipeline const pipeline(taking_, authorizer_, clock_, random_, waiter_);
        BlobClient const blob(pipeline, "http://127.0.0.1/a");
        ApiResult<void> outcome = make_local_error("never called");
        {
            WorkQueue queue(4);
            submit_upload(
                queue,
                blob,
                {file,
                 "input",
                 "clip.mp4",
                 [&](ApiResult<void> done) {
                     outcome = std::move(done);
                     ++done_;
                 },
                 [this](std::int64_t bytes) { counted_ += bytes; }}
            );
            queue.wait();
        }
        return outcome;
    }

    tests::TemporaryDirectory folder_;
    TakingClient taking_;
    std::atomic<std::int64_t> counted_{0};
    std::atomic<int> done_{0};
};

TEST_F(UploadTest, SendsASmallFileInOneRequest) {
    EXPECT_TRUE(upload(make_file(100)));
    EXPECT_EQ(taking_.urls.size(), 1U);
    EXPECT_EQ(counted_, 100);
    EXPECT_EQ(done_, 1);
}

TEST_F(UploadTest, CommitsALargeFileAfterItsLastBlock) {
    EXPECT_TRUE(upload(make_file(40 * kMebibyte)));
    ASSERT_EQ(taking_.urls.size(), 6U);
    EXPECT_EQ(taking_.urls.back(), "comp=blocklist");
    EXPECT_EQ(counted_, static_cast<std::int64_t>(40 * kMebibyte));
    EXPECT_EQ(done_, 1);
}

TEST_F(UploadTest, TheServiceCanCheckWhatItGets) {
    EXPECT_TRUE(upload(make_file(100)));
    EXPECT_TRUE(upload(make_file(40 * kMebibyte)));
    for (auto const& request : taking_.requests) {
        if (request.url.ends_with("comp=blocklist")) continue;
        EXPECT_EQ(base::parse_base64(request.headers.get("Content-MD5")).value_or("").size(), 16U)
            << request.url;
    }
}

TEST_F(UploadTest, WhatIsThereIsNotSentAgain) {
    auto const file = make_file(40 * kMebibyte);
    taking_.fail_on = 4;
    EXPECT_FALSE(upload(file));
    auto const there = taking_.blocks.size();
    ASSERT_GE(there, 3U);
    taking_.fail_on = 0;
    taking_.urls.clear();
    counted_ = 0;

    EXPECT_TRUE(upload(file));

    EXPECT_EQ(taking_.urls.size(), 5 - there + 1);
    EXPECT_EQ(counted_, static_cast<std::int64_t>(40 * kMebibyte));
}

TEST_F(UploadTest, WhatIsThereOfAnotherContentIsNotTaken) {
    auto const file = make_file(40 * kMebibyte);
    EXPECT_TRUE(upload(file));
    taking_.urls.clear();
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).put('y');
    EXPECT_TRUE(upload(file));
    EXPECT_EQ(taking_.urls.size(), 2U) << "the first block and the list";
}

TEST_F(UploadTest, BlocksOfAnotherToolAreReplacedByThoseOfTheirLength) {
    taking_.blocks[base::to_base64("000001")] = 8 * kMebibyte;
    EXPECT_TRUE(upload(make_file(40 * kMebibyte)));
    EXPECT_EQ(taking_.urls.size(), 6U);
    for (auto const& [id, size] : taking_.blocks)
        EXPECT_EQ(base::parse_base64(id)->size(), 6U);
    EXPECT_EQ(taking_.blocks.size(), 5U);
}

TEST_F(UploadTest, WhoMayNotReadSendsEverything) {
    taking_.may_list = false;
    EXPECT_TRUE(upload(make_file(40 * kMebibyte)));
    EXPECT_EQ(taking_.urls.size(), 6U);
}

TEST(BlockId, IsOfOneLengthAndOfTheContent) {
    auto const digest = base::md5("a");
    EXPECT_EQ(block_id(0, digest).size(), block_id(49'999, digest).size());
    EXPECT_NE(block_id(0, digest), block_id(0, base::md5("b")));
    EXPECT_NE(block_id(0, digest), block_id(1, digest));
    EXPECT_LE(base::parse_base64(block_id(0, digest))->size(), 64U);
}

TEST_F(UploadTest, ALostBlockIsNotCommitted) {
    taking_.fail_on = 2;
    EXPECT_FALSE(upload(make_file(40 * kMebibyte)));
    EXPECT_EQ(std::count(taking_.urls.begin(), taking_.urls.end(), "comp=blocklist"), 0);
    EXPECT_EQ(done_, 1);
}

TEST_F(UploadTest, WhatWasDamagedOnItsWayIsSentOnceMore) {
    for (auto const size : {100 * std::uint64_t{1}, 40 * kMebibyte}) {
        taking_.urls.clear();
        taking_.damaged_until = 1;
        EXPECT_TRUE(upload(make_file(size))) << size;
    }
    taking_.urls.clear();
    taking_.damaged_until = 2;
    auto const outcome = upload(make_file(100));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "Md5Mismatch");
    EXPECT_EQ(taking_.urls.size(), 2U);
}

TEST_F(UploadTest, AFileThatGrowsMeanwhileIsNotCommitted) {
    auto const file = make_file(40 * kMebibyte);
    taking_.on_request = [&file] { std::filesystem::resize_file(file, 41 * kMebibyte); };
    auto const outcome = upload(file);
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("clip.mp4 changed while it was read."), std::string::npos);
    EXPECT_EQ(std::count(taking_.urls.begin(), taking_.urls.end(), "comp=blocklist"), 0);
}

TEST_F(UploadTest, AFileThatIsWrittenMeanwhileIsAFailure) {
    for (auto const size : {100 * std::uint64_t{1}, 40 * kMebibyte}) {
        auto const file = make_file(size);
        taking_.on_request = [&file] {
            std::filesystem::last_write_time(file, std::filesystem::file_time_type{});
        };
        auto const outcome = upload(file);
        ASSERT_FALSE(outcome) << size;
        EXPECT_NE(outcome.error().message.find("changed while it was read."), std::string::npos);
    }
}

TEST_F(UploadTest, AFileThatIsGoneIsNamed) {
    auto const outcome = upload(folder_.path() / "none.mp4");
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("none.mp4"), std::string::npos);
    EXPECT_EQ(done_, 1);
}

TEST(WorkQueue, GoesOnWithWhatHasBegun) {
    std::vector<std::string> order;
    WorkQueue queue(1);
    queue.submit([&] {
        queue.submit([&order] { order.emplace_back("later"); });
        queue.submit_first({[&order] { order.emplace_back("one"); }, [&order] { order.emplace_back("two"); }}
        );
    });
    queue.wait();
    EXPECT_EQ(order, (std::vector<std::string>{"one", "two", "later"}));
}

TEST(WorkQueue, DoesEverythingBeforeWaitReturns) {
    std::atomic<int> done{0};
    WorkQueue queue(3);
    for (int i = 0; i < 1000; ++i)
        queue.submit([&done] { ++done; });
    queue.wait();
    EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace bluebatch::client
