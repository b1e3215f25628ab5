#include "emulator/storage/blob/secret_file.hpp"

#include "emulator/storage/blob/content_files.hpp"
#include "shared/base/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <stdexcept>
#include <system_error>

namespace bluebatch::emulator::storage::blob {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSecretSize = 32;

[[noreturn]] void fail(fs::path const& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

std::optional<std::string> read(fs::path const& file) {
    OpenFile const open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (open.descriptor() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail(file);
    }
    std::string bytes(kSecretSize + 1, '\0');
    auto const size = ::read(open.descriptor(), bytes.data(), bytes.size());
    if (size < 0) fail(file);
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

void write(fs::path const& file, std::string_view bytes) {
    constexpr mode_t kOwnerOnly = 0600;
    OpenFile const open(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
    if (open.descriptor() < 0) fail(file);
    base::write_all(open.descriptor(), bytes, file.c_str());
}

}  // namespace

std::string load_secret(fs::path const& file, base::Random& random, Disk& disk) {
    if (auto secret = read(file)) {
        if (secret->size() == kSecretSize) return *std::move(secret);
        throw std::runtime_error(
            file.string() + " does not hold the secret that it should; remove it to get another"
        );
    }
    std::array<std::uint8_t, kSecretSize> bytes{};
    random.fill(bytes);
    std::string secret(bytes.begin(), bytes.end());
    // A half-written secret must never stand, not even after a loss of power, under the name of a whole one.
    auto draft = file;
    draft += ".new";
    write(draft, secret);
    disk.sync_file(draft);
    fs::rename(draft, file);
    disk.sync_folder(fs::absolute(file).parent_path());
    return secret;
}

}  // namespace bluebatch::emulator::storage::blob
