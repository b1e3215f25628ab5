#include "emulator/app/guest_word.hpp"

#include "shared/base/private_file.hpp"
#include "shared/http/guest_word.hpp"

#include <array>

namespace bluebatch::emulator::app {

GuestWord make_guest_word(std::filesystem::path const& location, base::Random& random) {
    std::array<std::uint8_t, http::kGuestWordBytes> bytes{};
    random.fill(bytes);
    GuestWord made{location / http::kGuestWordFile, {bytes.begin(), bytes.end()}};
    base::replace_private_file(made.file, made.word);
    return made;
}

}  // namespace bluebatch::emulator::app
