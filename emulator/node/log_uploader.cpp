#include "emulator/node/log_uploader.hpp"

#include "shared/base/file_io.hpp"
#include "shared/base/log.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace bluebatch::emulator::node {
namespace {

// Uploads take files; this one is in memory.
http::FileSlice to_file(std::string_view text) {
    int const descriptor = ::memfd_create("log", MFD_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
    auto file = std::make_shared<http::FileHandle const>(descriptor);
    base::write_all(descriptor, text);
    return {std::move(file), 0, text.size()};
}

void upload(
    BlobAccess& blobs,
    IdentityAccess const& identities,
    domain::LogUpload const& log,
    std::stop_token const& stop
) {
    try {
        auto const container = open_url(identities, log.container_url, log.identity);
        if (!container) {
            base::log::warning("a log of a node was not uploaded: {}", container.error().message);
            return;
        }
        auto const url = blob_url(*container, log.blob_name);
        auto const done = blobs.upload(url, to_file(log.text), {{"Content-Type", "text/plain"}}, stop);
        if (!done) base::log::warning("a log of a node was not uploaded: {}", done.error().message);
    } catch (std::exception const& error) {
        base::log::warning("a log of a node was not uploaded: {}", error.what());
    }
}

}  // namespace

LogUploader::LogUploader(BlobAccess& blobs, IdentityAccess identities)
    : blobs_(blobs), identities_(std::move(identities)) {}

LogUploader::~LogUploader() = default;

bool LogUploader::add(domain::LogUpload log) {
    {
        std::scoped_lock const lock(mutex_);
        if (waiting_.size() >= kMostWaiting) return false;
        if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token const& stop) { work(stop); });
        waiting_.push_back(std::move(log));
    }
    changed_.notify_one();
    return true;
}

void LogUploader::work(std::stop_token const& stop) {
    for (;;) {
        domain::LogUpload next;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return !waiting_.empty(); }) || stop.stop_requested())
                return;
            next = std::move(waiting_.front());
            waiting_.pop_front();
        }
        upload(blobs_, identities_, next, stop);
    }
}

}  // namespace bluebatch::emulator::node
