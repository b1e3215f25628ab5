#include "emulator/node/log_uploader.hpp"

#include "tests/unit/emulator/node/fake_blobs.hpp"

#include <gtest/gtest.h>

#include <future>

namespace bluebatch::emulator::node {
namespace {

// Keeps an upload until it is let go.
class TricklingBlobs final : public BlobAccess {
public:
    TransferResult<void> download(std::string const&, int, std::stop_token) override { return {}; }
    TransferResult<std::vector<std::string>> list(std::string const&, std::string const&, std::stop_token)
        override {
        return std::vector<std::string>{};
    }
    TransferResult<void> upload(std::string const& url, http::FileSlice slice, http::Headers, std::stop_token)
        override {
        std::string bytes(slice.length, '\0');
        base::read_all(slice.file->descriptor(), slice.offset, bytes);
        started.set_value(url + " " + bytes);
        go_on.get_future().wait();
        return {};
    }

    std::promise<std::string> started;
    std::promise<void> go_on;
};

TEST(LogUploader, WritesTheTextIntoTheContainer) {
    TricklingBlobs blobs;
    LogUploader uploader(blobs);

    EXPECT_TRUE(uploader.add({"http://host/container?sig=x", "a/b.log", "what happened"}));

    EXPECT_EQ(blobs.started.get_future().get(), "http://host/container/a/b.log?sig=x what happened");
    blobs.go_on.set_value();
}

}  // namespace
}  // namespace bluebatch::emulator::node
