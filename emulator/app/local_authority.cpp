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

[[noreturn]] void fail(fs::path const& file, std::string const& why) {
    throw std::runtime_error(fmt::format(
        "{}: {}; mend that, or remove the folder {} to have another authority made, which clients must then "
        "be told to trust",
        file.string(),
        why,
        file.parent_path().string()
    ));
}

[[noreturn]] void fail_of_system(fs::path const& file) {
    fail(file, std::strerror(errno));
}

struct Descriptor {
    int number;
    ~Descriptor() { ::close(number); }
};

// A key that others can read may have been read already, but refusing to start would not undo that.
void keep_from_others(fs::path const& file, int descriptor) {
    struct stat state {};
    if (::fstat(descriptor, &state) != 0) fail_of_system(file);
    if ((state.st_mode & kOthers) == 0) return;
    if (::fchmod(descriptor, kForOwner) != 0) fail(file, "others can read it, and its mode can't be changed");
    base::log::warning(
        "{} could be read by others, which has been mended; if somebody may have read it, remove the folder "
        "{}",
        file.string(),
        file.parent_path().string()
    );
}

enum class Access { owner, everybody };

std::optional<std::string> read(fs::path const& file, Access access) {
    Descriptor const opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (opened.number < 0 && errno == ENOENT) return std::nullopt;
    if (opened.number < 0) fail_of_system(file);
    if (access == Access::owner) keep_from_others(file, opened.number);
    std::string text(kLargestFile, '\0');
    auto const size = ::read(opened.number, text.data(), text.size());
    if (size < 0) fail_of_system(file);
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// For nobody else from its first moment.
void write(fs::path const& file, std::string_view text, ::mode_t mode) {
    Descriptor const made{
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kForOwner)};
    if (made.number < 0) fail_of_system(file);
    base::write_all(made.number, text, "write an authority");
    if (::fchmod(made.number, mode) != 0 || ::fsync(made.number) != 0) fail_of_system(file);
}

std::optional<base::CertificateAuthority> read_authority(fs::path const& folder) {
    auto const key = read(folder / kKey, Access::owner);
    auto const certificate = read(folder / kCertificate, Access::everybody);
    if (!key && !certificate) return std::nullopt;
    if (!key) fail(folder / kKey, "it is not there, though its certificate is");
    if (!certificate) fail(folder / kCertificate, "it is not there, though its key is");
    auto authority = base::CertificateAuthority::parse(*certificate, *key);
    if (!authority) fail(folder / kCertificate, authority.error().message);
    return *std::move(authority);
}

// Whoever comes second keeps what the first has made.
base::CertificateAuthority make_authority(
    fs::path const& folder, std::string const& listening, base::TimePoint now
) {
    auto authority = base::CertificateAuthority::make(permitted_hosts(listening), now);
    auto pattern = folder.string() + ".XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) fail_of_system(folder);
    fs::path const draft(pattern);
    write(draft / kKey, authority.private_key_pem(), kForOwner);
    write(draft / kCertificate, authority.certificate_pem(), kForAll);
    std::error_code error;
    fs::permissions(draft, fs::perms(0755), error);
    if (!error) fs::rename(draft, folder, error);
    if (!error) return authority;
    std::error_code ignored;
    fs::remove_all(draft, ignored);
    if (auto made = read_authority(folder)) return *std::move(made);
    fail(folder, error.message());
}

}  // namespace

LocalAuthority open_authority(fs::path const& location, std::string const& listening, base::TimePoint now) {
    auto const folder = location / kFolder;
    auto authority = read_authority(folder);
    if (authority && authority->expires() < now + kRenewedBefore) {
        base::log::warning(
            "the authority in {} ends; clients must be told to trust another", folder.string()
        );
        authority.reset();
        fs::remove_all(folder);
    }
    if (!authority) authority = make_authority(folder, listening, now);
    return {*std::move(authority), folder / kCertificate};
}

}  // namespace bluebatch::emulator::app
