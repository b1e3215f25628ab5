#include "emulator/node/log_uploader.hpp"

#include "tests/unit/emulator/node/fake_blobs.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <utility>

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

// As when the library for foreign hosts can't be loaded.
class BrokenOnce final : public BlobAccess {
public:
    TransferResult<void> download(std::string const&, int, std::stop_token) override { return {}; }
    TransferResult<std::vector<std::string>> list(std::string const&, std::string const&, std::stop_token)
        override {
        return std::vector<std::string>{};
    }
    TransferResult<void> upload(std::string const& url, http::FileSlice, http::Headers, std::stop_token)
        override {
        if (!std::exchange(was_asked_, true)) throw std::runtime_error("no library");
        uploaded.set_value(url);
        return {};
    }

    std::promise<std::string> uploaded;

private:
    bool was_asked_ = false;
};

TEST(LogUploader, GoesOnAfterAnUploadThatThrew) {
    BrokenOnce blobs;
    LogUploader uploader(blobs);

    uploader.add({"http://host/container", "first.log", "x"});
    uploader.add({"http://host/container", "second.log", "x"});

    EXPECT_EQ(blobs.uploaded.get_future().get(), "http://host/container/second.log");
}

}  // namespace
}  // namespace bluebatch::emulator::node
