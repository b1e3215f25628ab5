#pragma once

#include "emulator/domain/log_upload.hpp"
#include "emulator/node/blob_access.hpp"
#include "emulator/node/identity_access.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace bluebatch::emulator::node {

// Uploads texts one after another on a thread of its own, because whoever asks for a log doesn't wait for it.
// What fails is told in the emulator's log. Thread-safe.
class LogUploader {
public:
    static constexpr std::size_t kMostWaiting = 16;

    explicit LogUploader(BlobAccess& blobs, IdentityAccess identities = {});
    // Ends the upload under way; those that wait are lost.
    ~LogUploader();
    LogUploader(LogUploader const&) = delete;
    LogUploader& operator=(LogUploader const&) = delete;

    // False when kMostWaiting wait already.
    bool add(domain::LogUpload upload);

private:
    void work(std::stop_token const& stop);

    BlobAccess& blobs_;
    IdentityAccess const identities_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<domain::LogUpload> waiting_;
    std::jthread thread_;  // last: it uses the rest; once there is something to do
};

}  // namespace bluebatch::emulator::node
