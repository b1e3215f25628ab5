#pragma once

#include "shared/http/input_buffer.hpp"

#include <cstdint>
#include <string_view>

namespace bluebatch::http {

// How the peer of a connection speaks, as far as its first bytes tell.
struct Opening {
    enum class Speech : std::uint8_t { unclear, http, tls, none };
    Speech speech = Speech::unclear;
    bool is_guest = false;
};

enum class Tls : std::uint8_t { absent, available };

// Continues `before`, which is unclear yet, with what has come since; takes the word of a guest out of the
// input.
Opening read_opening(InputBuffer& input, Opening before, std::string_view guest_word, Tls tls);

}  // namespace bluebatch::http
