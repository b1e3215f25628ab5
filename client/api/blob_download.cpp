#include "client/api/blob_client.hpp"
#include "shared/base/digest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestStem = 200;

// A new file beside its final place, removed again unless it gets there.
class PartialFile {
public:
    explicit PartialFile(fs::path target) : target_(std::move(target)) {
        static std::atomic<unsigned> number{0};
        auto const stem = target_.filename().string().substr(0, kLongestStem);
        path_ = target_.parent_path() / fmt::format(".{}.{}-{}.part", stem, ::getpid(), ++number);
        constexpr mode_t kWhatTheUmaskLeaves = 0666;
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kWhatTheUmaskLeaves);
        if (descriptor_ < 0) path_.clear();
    }
    ~PartialFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
        std::error_code ignored;
        if (!path_.empty()) fs::remove(path_, ignored);
    }
    PartialFile(PartialFile const&) = delete;
    PartialFile& operator=(PartialFile const&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    bool restart() { return ::ftruncate(descriptor_, 0) == 0 && ::lseek(descriptor_, 0, SEEK_SET) == 0; }

    bool append(std::span<std::byte const> bytes) {
        while (!bytes.empty()) {
            auto const written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return true;
    }

    bool publish() {
        auto const closed = ::close(std::exchange(descriptor_, -1)) == 0;
        std::error_code error;
        if (closed) fs::rename(path_, target_, error);
        if (!closed || error) return false;
        path_.clear();
        return true;
    }

private:
    fs::path target_;
    fs::path path_;
    int descriptor_ = -1;
};

ApiError cannot_write(fs::path const& target) {
    return make_local_error(fmt::format("Can't write {}: {}.", target.string(), std::strerror(errno)));
}

struct Progress {
    PartialFile& file;
    ByteCount const& count;
    base::Md5 md5;
    std::uint64_t size = 0;
    std::optional<int> write_error;

    void restart() {
        if (size > 0) count(-static_cast<std::int64_t>(size));
        size = 0;
        md5 = base::Md5();
        if (!file.restart()) write_error = errno;
    }
    bool take(std::span<std::byte const> piece) {
        if (!file.append(piece)) {
            write_error = errno;
            return false;
        }
        md5.update(piece);
        size += piece.size();
        count(static_cast<std::int64_t>(piece.size()));
        return true;
    }
};

}  // namespace

ApiResult<std::uint64_t> BlobClient::download(
    std::string_view container, std::string_view blob, fs::path const& target, ByteCount const& count
) const {
    PartialFile file(target);
    if (!file.is_open()) return cannot_write(target);
    Progress progress{.file = file, .count = count, .md5 = {}, .size = 0, .write_error = {}};
    auto call = make_call(http::Verb::get, blob_url(container, blob));
    call.before_attempt = [&progress] { progress.restart(); };
    call.sink = [&progress](std::span<std::byte const> piece) { return progress.take(piece); };
    auto const reply = pipeline_->send(call, options_);
    if (progress.write_error) {
        errno = *progress.write_error;
        return cannot_write(target);
    }
    if (!reply) return reply.error();
    auto const stated = base::parse_base64(reply->response.headers.get("Content-MD5"));
    auto const digest = std::move(progress.md5).finish();
    if (stated && !stated->empty() && *stated != std::string(digest.begin(), digest.end())) {
        return make_protocol_error(fmt::format("The content of blob {} was damaged on its way.", blob));
    }
    if (!file.publish()) return cannot_write(target);
    return progress.size;
}

}  // namespace bluebatch::client
