#include "emulator/app/local_authority.hpp"

#include "emulator/app/azure_hosts.hpp"
#include "shared/base/log.hpp"
#include "shared/base/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
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
constexpr fs::perms kForAll{0644};
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
[[noreturn]] void fail_to_make(fs::path const& folder, std::error_code const& error) {
    throw std::runtime_error(
        fmt::format("can't make an authority in {}: {}", folder.string(), error.message())
    );
}

std::optional<std::string> read_key(fs::path const& folder) {
    try {
        return base::read_private_file(folder / kKey, fmt::format("remove the folder {}", folder.string()));
    } catch (std::system_error const& error) {
        fail(folder, folder / kKey, error.code().message());
    }
}

std::optional<std::string> read_certificate(fs::path const& folder) {
    std::ifstream file(folder / kCertificate);
    if (file) return std::string{std::istreambuf_iterator<char>(file), {}};
    if (errno == ENOENT) return std::nullopt;
    fail(folder, folder / kCertificate, std::strerror(errno));
}

std::optional<base::CertificateAuthority> read_authority(fs::path const& folder) {
    auto const key = read_key(folder);
    auto const certificate = read_certificate(folder);
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
        if (::mkdtemp(pattern.data()) == nullptr) fail_to_make(folder, {errno, std::generic_category()});
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

// The names in a folder outlive a loss of power, where the file system can do that.
void sync_names(fs::path const& folder) {
    int const opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    ::fsync(opened);
    ::close(opened);
}

// The key is for nobody else from its first moment, and whoever is to trust the certificate may read that.
void write(fs::path const& folder, fs::path const& draft, base::CertificateAuthority const& authority) {
    try {
        base::write_private_file(draft / kKey, authority.private_key_pem(), base::Sync::yes);
        base::write_private_file(draft / kCertificate, authority.certificate_pem(), base::Sync::yes);
        fs::permissions(draft / kCertificate, kForAll);
        fs::permissions(draft, fs::perms(0755));
    } catch (std::system_error const& error) {
        fail_to_make(folder, error.code());
    }
    sync_names(draft);
}

enum class Place { free, taken };

// Whoever comes second keeps what the first has made.
base::CertificateAuthority make_authority(
    fs::path const& folder, std::string const& listening, base::TimePoint now, Place place
) {
    auto authority = base::CertificateAuthority::make(permitted_hosts(listening), now);
    Draft const draft(folder);
    write(folder, draft.path(), authority);
    std::error_code error;
    std::optional<Draft> ended;
    if (place == Place::taken) fs::rename(folder, ended.emplace(folder).path(), error);
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
