#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bluebatch::http {

// A server that brings guests in keeps its word in a file of this name, which is its owner's only. The word
// is another one at each start of the server.
constexpr std::string_view kGuestWordFile = "guest-word";
constexpr std::size_t kGuestWordBytes = 32;

// What a proxy sends before everything else on a connection to tell a server that its client is a guest: a
// header of the PROXY protocol, version 2, of the kind LOCAL, with the word in a field of type 0xE0. The word
// may have 128 bytes.
std::string make_guest_preface(std::string_view word);

struct GuestPreface {
    enum class State : std::uint8_t { absent, incomplete, malformed, wrong, right };
    State state = State::absent;
    std::size_t size = 0;  // of a whole one
};

// Of a connection that has begun with these bytes. How long that takes tells nothing of the word. One with a
// wrong word makes nobody a guest, and what follows it is served all the same.
GuestPreface read_guest_word(std::string_view bytes, std::string_view word);

}  // namespace bluebatch::http
