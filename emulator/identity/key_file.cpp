#include "emulator/identity/key_file.hpp"

#include "shared/base/private_file.hpp"

#include <stdexcept>

namespace bluebatch::emulator::identity {

base::RsaKey load_key(std::filesystem::path const& file) {
    if (auto const text = base::read_private_file(file, "remove it to get another")) {
        auto key = base::RsaKey::from_pem(*text);
        if (!key)
            throw std::runtime_error(
                file.string() + ": " + key.error().message + "; remove it to get another"
            );
        return *std::move(key);
    }
    std::filesystem::create_directories(file.parent_path());
    auto key = base::RsaKey::generate();
    // A half-written key must not stand under its name after a loss of power.
    base::replace_private_file(file, key.to_pem(), base::Sync::yes);
    return key;
}

}  // namespace bluebatch::emulator::identity
