#include "client/api/download.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using tests::answer;
using tests::blob_error;
using tests::lost;

constexpr std::uint64_t kMiB = 1 << 20;

std::string read(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string md5_base64(std::string_view text) {
    auto const digest = base::md5(text);
    return base::to_base64(std::span(digest));
}

// A blob of which ranges can be had; several at a time.
class RangeClient final : public http::Client {
public:
    explicit RangeClient(std::string the_content) : content(std::move(the_content)) {}

    tests::Answer send(http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token)
        override {
        std::scoped_lock const lock(mutex_);
        auto const range = std::string(request.headers.get("x-ms-range"));
        ranges.push_back(range);
        auto const match = request.headers.get("If-Match");
        if (on_request) on_request(ranges.size());
        if (!match.empty() && match != etag) return blob_error(412, "ConditionNotMet");
        if (request.verb == http::Verb::head)
            return answer(200, {}, {{"ETag", etag}, {"Content-Length", std::to_string(content.size())}});
        if (range.empty()) return answer(200, content, {{"ETag", etag}});
        std::size_t first = 0, last = 0;
        std::sscanf(range.c_str(), "bytes=%zu-%zu", &first, &last);
        if (first >= content.size()) return blob_error(416, "InvalidRange");
        auto const piece = std::string_view(content).substr(first, last - first + 1);
        auto const is_cut = ranges.size() == cut_on;
        auto const is_taken = sink(std::as_bytes(std::span(
            ranges.size() == more_on ? content : piece.substr(0, is_cut ? piece.size() / 2 : piece.size())
        )));
        if (!is_taken) return lost(http::TransportFault::cancelled);
        if (is_cut || ranges.size() == end_lost_on) return lost(http::TransportFault::interrupted);
        return answer(
            206,
            {},
            {{"ETag", etag},
             {"x-ms-blob-content-md5", stated_md5.empty() ? md5_base64(content) : stated_md5},
             {"Content-Range",
              fmt::format("bytes {}-{}/{}", first, first + piece.size() - 1, content.size())}}
        );
    }

    std::string content;
    std::string etag = "\"0x1\"";
    std::string stated_md5;
    std::vector<std::string> ranges;
    std::size_t cut_on = 0;       // half of it comes
    std::size_t end_lost_on = 0;  // all of it comes, and then not the end
    std::size_t more_on = 0;      // everything comes
    std::function<void(std::size_t)> on_request;

private:
    std::mutex mutex_;
};

class DownloadTest : public tests::PipelineTest {
protected:
    ApiResult<std::uint64_t> download(http::Client& from, fs::path const& target) {
        Pipeline const pipeline(from, authorizer_, clock_, random_, waiter_);
        BlobClient const blob(pipeline, "http://127.0.0.1/a");
        ApiResult<std::uint64_t> outcome = make_local_error("never called");
        {
            WorkQueue queue(4);
            submit_download(
                queue,
                blob,
                {.container = "output",
                 .blob = "a.mp3",
                 .target = target,
                 .done =
                     [&](ApiResult<std::uint64_t> size) {
                         outcome = std::move(size);
                         ++done_;
                     },
                 .count = [this](std::int64_t bytes) { counted_ += bytes; }}
            );
            queue.wait();
        }
        EXPECT_EQ(done_, 1);
        return outcome;
    }
    ApiResult<std::uint64_t> download(http::Client& from) { return download(from, target_); }
    std::ptrdiff_t entries() const {
        return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator());
    }
    static std::string large() {
        std::string content(20 * kMiB + 7, '\0');
        for (std::size_t i = 0; i < content.size(); i += 4096)
            content[i] = static_cast<char>(i >> 12);
        return content;
    }

    tests::TemporaryDirectory folder_;
    fs::path target_ = folder_.path() / "a.mp3";
    std::atomic<std::int64_t> counted_{0};
    std::atomic<int> done_{0};
};

TEST_F(DownloadTest, ASmallBlobComesInOneRequest) {
    RangeClient blob("sound");
    EXPECT_EQ(*download(blob), 5U);
    EXPECT_EQ(read(target_), "sound");
    EXPECT_EQ(counted_, 5);
    EXPECT_EQ(entries(), 1);
    EXPECT_EQ(blob.ranges.size(), 1U);
}

TEST_F(DownloadTest, AnEmptyBlobIsAnEmptyFile) {
    RangeClient blob("");
    EXPECT_EQ(*download(blob), 0U);
    EXPECT_TRUE(fs::exists(target_));
}

TEST_F(DownloadTest, ALargeBlobComesInRangesOfOneState) {
    RangeClient blob(large());
    EXPECT_EQ(*download(blob), blob.content.size());
    EXPECT_TRUE(read(target_) == blob.content);
    EXPECT_EQ(blob.ranges.size(), 3U);
    EXPECT_EQ(counted_, static_cast<std::int64_t>(blob.content.size()));
}

TEST_F(DownloadTest, ARangeThatIsCutOffGoesOnWhereItStopped) {
    RangeClient blob(large());
    blob.cut_on = 3;
    EXPECT_EQ(*download(blob), blob.content.size());
    EXPECT_TRUE(read(target_) == blob.content);
    ASSERT_EQ(blob.ranges.size(), 4U);
    EXPECT_NE(blob.ranges[3], blob.ranges[2]);
    EXPECT_EQ(counted_, static_cast<std::int64_t>(blob.content.size()));
}

TEST_F(DownloadTest, ARangeThatIsAllThereIsNotAskedForAgain) {
    RangeClient blob(large());
    blob.end_lost_on = 3;
    EXPECT_EQ(*download(blob), blob.content.size());
    EXPECT_TRUE(read(target_) == blob.content);
    EXPECT_EQ(blob.ranges.size(), 3U);
}

TEST_F(DownloadTest, MoreThanARangeIsRefused) {
    RangeClient blob(large());
    blob.more_on = 2;
    auto const size = download(blob);
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().fault, Fault::protocol);
    EXPECT_EQ(entries(), 0);
}

TEST_F(DownloadTest, APipeGoesOnWhereTheConnectionWasLost) {
    auto const pipe = folder_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    RangeClient blob("0123456789");
    blob.cut_on = 2;
    std::string came;
    {
        std::jthread const reader([&] { came = read(pipe); });
        EXPECT_EQ(*download(blob, pipe), 10U);
    }
    EXPECT_EQ(came, "0123456789");
    EXPECT_EQ(blob.ranges.back(), "bytes=5-9");
}

TEST_F(DownloadTest, AFirstRangeThatIsCutOffStartsOver) {
    RangeClient blob("0123456789");
    blob.cut_on = 1;
    EXPECT_EQ(*download(blob), 10U);
    EXPECT_EQ(read(target_), "0123456789");
    EXPECT_EQ(counted_, 10);
}

TEST_F(DownloadTest, ABlobThatIsReplacedMeanwhileIsAFailure) {
    RangeClient blob(large());
    blob.on_request = [&blob](std::size_t number) {
        if (number == 2) blob.etag = "\"0x2\"";
    };
    auto const size = download(blob);
    ASSERT_FALSE(size);
    EXPECT_THAT(size.error().message, HasSubstr("a.mp3 changed while it was fetched"));
    EXPECT_EQ(entries(), 0);
}

TEST_F(DownloadTest, DamagedContentLeavesWhatWasThere) {
    std::ofstream(target_) << "older";
    RangeClient blob("noise");
    blob.stated_md5 = md5_base64("sound");
    auto const size = download(blob);
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().fault, Fault::protocol);
    EXPECT_EQ(read(target_), "older");
    EXPECT_EQ(entries(), 1);
}

TEST_F(DownloadTest, WhoeverDoesNotKnowRangesIsUnderstood) {
    client_.will(answer(200, "sound", {{"Content-MD5", md5_base64("sound")}}));
    EXPECT_EQ(*download(client_), 5U);
    EXPECT_EQ(read(target_), "sound");
}

TEST_F(DownloadTest, AnotherRangeThanAskedForIsRefused) {
    client_.will(answer(206, "sound", {{"Content-Range", "bytes 0-4/9"}}));
    EXPECT_FALSE(download(client_));
    EXPECT_EQ(entries(), 0);
}

TEST_F(DownloadTest, ABlobThatIsNotThereIsToldAsItIs) {
    client_.will(blob_error(404, "BlobNotFound"));
    EXPECT_EQ(download(client_).error().code, "BlobNotFound");
}

TEST_F(DownloadTest, SaysWhereItCannotWrite) {
    auto const size = download(client_, folder_.path() / "missing" / "b");
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().fault, Fault::local);
    EXPECT_THAT(size.error().message, HasSubstr("missing/b"));
}

}  // namespace
}  // namespace bluebatch::client
