#include "emulator/storage/blob/secret_file.hpp"

#include "shared/base/private_file.hpp"

#include <array>
#include <stdexcept>

namespace bluebatch::emulator::storage::blob {

std::string load_secret(std::filesystem::path const& file, base::Random& random, Disk& disk) {
    constexpr std::size_t kSecretSize = 32;
    if (auto secret = base::read_private_file(file, "remove it to get another")) {
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
    base::write_private_file(draft, secret);
    disk.sync_file(draft);
    std::filesystem::rename(draft, file);
    disk.sync_folder(std::filesystem::absolute(file).parent_path());
    return secret;
}

}  // namespace bluebatch::emulator::storage::blob
