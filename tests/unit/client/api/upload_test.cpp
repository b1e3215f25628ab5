#include "client/api/upload.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <mutex>

namespace bluebatch::client {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(PlanBlocks, ASmallFileNeedsNone) {
    EXPECT_TRUE(plan_blocks(0).empty());
    EXPECT_TRUE(plan_blocks(16 * kMiB).empty());
}

TEST(PlanBlocks, CoverTheFileWithoutGaps) {
    auto const blocks = plan_blocks(20 * kMiB + 1);
    ASSERT_EQ(blocks.size(), 3U);
    std::uint64_t offset = 0;
    for (auto const& block : blocks) {
        EXPECT_EQ(block.offset, offset);
        EXPECT_EQ(block.id.size(), blocks.front().id.size());
        offset += block.length;
    }
    EXPECT_EQ(offset, 20 * kMiB + 1);
}

TEST(PlanBlocks, NeverMoreThanTheServiceTakes) {
    EXPECT_LE(plan_blocks(std::uint64_t{4} << 40).size(), 50'000U);
}

// Takes everything, several at a time.
class TakingClient final : public http::Client {
public:
    tests::Answer send(http::OutgoingRequest const& request, http::BodySink const&, std::stop_token)
        override {
        std::scoped_lock const lock(mutex_);
        urls.push_back(request.url.substr(request.url.find('?') + 1));
        if (on_request) on_request();
        if (fail_on != 0 && urls.size() == fail_on) return tests::blob_error(403, "AuthenticationFailed");
        return tests::answer(201);
    }
    std::vector<std::string> urls;
    std::size_t fail_on = 0;
    std::function<void()> on_request;

private:
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
    EXPECT_TRUE(upload(make_file(40 * kMiB)));
    ASSERT_EQ(taking_.urls.size(), 6U);
    EXPECT_EQ(taking_.urls.back(), "comp=blocklist");
    EXPECT_EQ(counted_, static_cast<std::int64_t>(40 * kMiB));
    EXPECT_EQ(done_, 1);
}

TEST_F(UploadTest, ALostBlockIsNotCommitted) {
    taking_.fail_on = 2;
    EXPECT_FALSE(upload(make_file(40 * kMiB)));
    EXPECT_EQ(std::count(taking_.urls.begin(), taking_.urls.end(), "comp=blocklist"), 0);
    EXPECT_EQ(done_, 1);
}

TEST_F(UploadTest, AFileThatGrowsMeanwhileIsNotCommitted) {
    auto const file = make_file(40 * kMiB);
    taking_.on_request = [&file] { std::filesystem::resize_file(file, 41 * kMiB); };
    auto const outcome = upload(file);
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("clip.mp4 changed while it was read."), std::string::npos);
    EXPECT_EQ(std::count(taking_.urls.begin(), taking_.urls.end(), "comp=blocklist"), 0);
}

TEST_F(UploadTest, AFileThatIsWrittenMeanwhileIsAFailure) {
    for (auto const size : {100 * std::uint64_t{1}, 40 * kMiB}) {
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
