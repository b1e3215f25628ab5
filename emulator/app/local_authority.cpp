#include "emulator/app/local_authority.hpp"

#include "emulator/app/azure_hosts.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace bluebatch::emulator::app {

namespace {

namespace fs = std::filesystem;

constexpr auto kFolder = "ca";
constexpr auto kCertificate = "ca.pem";
constexpr auto kKey = "ca.key";
constexpr ::mode_t kForOwner = 0600;
constexpr ::mode_t kForAll = 0644;
constexpr ::mode_t kOthers = 0077;
constexpr std::size_t kLargestFile = 64 << 10;
// Certificates of servers are not worth making any more.
constexpr std::chrono::days kRenewedBefore{30};
constexpr auto kDraftSuffix = ".XXXXXX";
constexpr std::size_t kDraftLetters = 6;
constexpr std::chrono::minutes kAbandonedAfter{1};

[[noreturn]] void fail(fs::path const& folder, fs::path const& what, std::string const& why) {
    throw std::runtime_error(fmt::format(
        "{}: {}; mend that, or remove the folder {} to have another authority made, which clients must then "
        "be told to trust",
        what.string(),
        why,
        folder.string()
    ));
}

// Nothing that is there is at fault.
[[noreturn]] void fail_to_make(fs::path const& folder) {
    throw std::runtime_error(
        fmt::format("can't make an authority in {}: {}", folder.string(), std::strerror(errno))
    );
}

struct Descriptor {
    int number;
    ~Descriptor() { ::close(number); }
};

// A key that others can read may have been read already, but refusing to start would not undo that.
void keep_from_others(fs::path const& folder, fs::path const& file, int descriptor) {
    struct stat state {};
    if (::fstat(descriptor, &state) != 0) fail(folder, file, std::strerror(errno));
    if ((state.st_mode & kOthers) == 0) return;
    if (::fchmod(descriptor, kForOwner) != 0)
        fail(folder, file, "others can read it, and its mode can't be changed");
    base::log::warning(
        "{} could be read by others, which has been mended; if somebody may have read it, remove the folder "
        "{}",
        file.string(),
        folder.string()
    );
}

enum class Access { owner, everybody };

std::optional<std::string> read(fs::path const& folder, fs::path const& file, Access access) {
    Descriptor const opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (opened.number < 0 && errno == ENOENT) return std::nullopt;
    if (opened.number < 0) fail(folder, file, std::strerror(errno));
    if (access == Access::owner) keep_from_others(folder, file, opened.number);
    std::string text(kLargestFile, '\0');
    auto const size = ::read(opened.number, text.data(), text.size());
    if (size < 0) fail(folder, file, std::strerror(errno));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<base::CertificateAuthority> read_authority(fs::path const& folder) {
    auto const key = read(folder, folder / kKey, Access::owner);
    auto const certificate = read(folder, folder / kCertificate, Access::everybody);
    if (!key && !certificate) return std::nullopt;
    if (!key) fail(folder, folder / kKey, "it is not there, though its certificate is");
    if (!certificate) fail(folder, folder / kCertificate, "it is not there, though its key is");
    auto authority = base::CertificateAuthority::parse(*certificate, *key);
    if (!authority) fail(folder, folder / kCertificate, authority.error().message);
    return *std::move(authority);
}

// A folder beside that of the authority. It goes with this object, unless it has got another name.
class Draft {
public:
    explicit Draft(fs::path const& folder) {
        auto pattern = folder.string() + kDraftSuffix;
        if (::mkdtemp(pattern.data()) == nullptr) fail_to_make(folder);
        path_ = pattern;
    }
    ~Draft() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Draft(Draft const&) = delete;
    Draft& operator=(Draft const&) = delete;

    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

// Of processes that were killed. Younger ones may still be written to, by the command that shows an
// authority.
void remove_abandoned_drafts(fs::path const& folder) {
    auto const name = folder.filename().string() + '.';
    auto const before = fs::file_time_type::clock::now() - kAbandonedAfter;
    std::error_code error;
    for (auto const& entry : fs::directory_iterator(folder.parent_path(), error)) {
        auto const draft = entry.path().filename().string();
        if (!draft.starts_with(name) || draft.size() != name.size() + kDraftLetters) continue;
        if (entry.symlink_status(error).type() != fs::file_type::directory) continue;
        auto const written = entry.last_write_time(error);
        if (!error && written < before) fs::remove_all(entry.path(), error);
    }
}

// For nobody else from its first moment.
void write(fs::path const& folder, fs::path const& file, std::string_view text, ::mode_t mode) {
    Descriptor const made{
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kForOwner)};
    if (made.number < 0) fail_to_make(folder);
    base::write_all(made.number, text, "write an authority");
    if (::fchmod(made.number, mode) != 0 || ::fsync(made.number) != 0) fail_to_make(folder);
}

// The names in a folder outlive a loss of power, where the file system can do that.
void sync_names(fs::path const& folder) {
    Descriptor const opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened.number >= 0) ::fsync(opened.number);
}

enum class Place { free, taken };

// Whoever comes second keeps what the first has made.
base::CertificateAuthority make_authority(
    fs::path const& folder, std::string const& listening, base::TimePoint now, Place place
) {
    auto authority = base::CertificateAuthority::make(permitted_hosts(listening), now);
    Draft const draft(folder);
    write(folder, draft.path() / kKey, authority.private_key_pem(), kForOwner);
    write(folder, draft.path() / kCertificate, authority.certificate_pem(), kForAll);
    std::error_code error;
    fs::permissions(draft.path(), fs::perms(0755), error);
    sync_names(draft.path());
    std::optional<Draft> ended;
    if (!error && place == Place::taken) fs::rename(folder, ended.emplace(folder).path(), error);
    if (!error) fs::rename(draft.path(), folder, error);
    if (!error) {
        sync_names(folder.parent_path());
        return authority;
    }
    if (place == Place::free)
        if (auto made = read_authority(folder)) return *std::move(made);
    fail(folder, folder, error.message());
}

}  // namespace

LocalAuthority open_authority(
    fs::path const& location, std::string const& listening, base::TimePoint now, Renewal renewal
) {
    auto const folder = location / kFolder;
    if (renewal == Renewal::when_due) remove_abandoned_drafts(folder);
    auto authority = read_authority(folder);
    bool const is_due = authority && authority->expires() < now + kRenewedBefore;
    if (is_due)
        base::log::warning(
            "the authority in {} ends; clients must be told to trust another{}",
            folder.string(),
            renewal == Renewal::never ? ", which the emulator makes when it is started" : ""
        );
    if (!authority)
        authority = make_authority(folder, listening, now, Place::free);
    else if (is_due && renewal == Renewal::when_due)
        authority = make_authority(folder, listening, now, Place::taken);
    return {*std::move(authority), folder / kCertificate};
}

}  // namespace bluebatch::emulator::app
