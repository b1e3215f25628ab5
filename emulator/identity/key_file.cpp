#include "emulator/identity/key_file.hpp"

#include "shared/base/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bluebatch::emulator::identity {

namespace {

namespace fs = std::filesystem;

void write(fs::path const& file, std::string_view text) {
    constexpr mode_t kOwnerOnly = 0600;
    int const descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), file.string());
    base::write_all(descriptor, text);
    ::close(descriptor);
}

}  // namespace

base::RsaKey load_key(fs::path const& file) {
    if (std::ifstream stream(file, std::ios::binary); stream) {
        std::string const text(std::istreambuf_iterator<char>(stream), {});
        auto key = base::RsaKey::from_pem(text);
        if (!key)
            throw std::runtime_error(
                file.string() + ": " + key.error().message + "; remove it to get another"
            );
        return *std::move(key);
    }
    fs::create_directories(file.parent_path());
    auto key = base::RsaKey::generate();
    auto draft = file;
    draft += ".new";
    write(draft, key.to_pem());
    fs::rename(draft, file);
    return key;
}

}  // namespace bluebatch::emulator::identity
