#include "emulator/identity/key_file.hpp"

#include "shared/base/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bluebatch::emulator::identity {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(fs::path const& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

// Nothing when there is no such file; any other fault is one.
std::optional<std::string> read(fs::path const& file) {
    constexpr std::size_t kLargest = 64 << 10;
    Descriptor const open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (open.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail(file);
    }
    std::string text(kLargest, '\0');
    auto const size = ::read(open.number(), text.data(), text.size());
    if (size < 0) fail(file);
    text.resize(static_cast<std::size_t>(size));
    return text;
}

void write(fs::path const& file, std::string_view text) {
    constexpr mode_t kOwnerOnly = 0600;
    // One left behind may have another mode.
    ::unlink(file.c_str());
    Descriptor const open(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
    if (open.number() < 0) fail(file);
    base::write_all(open.number(), text, file.c_str());
    // A half-written key must not stand under its name after a loss of power.
    if (::fsync(open.number()) != 0) fail(file);
}

}  // namespace

base::RsaKey load_key(fs::path const& file) {
    if (auto const text = read(file)) {
        auto key = base::RsaKey::from_pem(*text);
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
