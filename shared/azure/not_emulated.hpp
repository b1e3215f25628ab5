#pragma once

#include "shared/http/message.hpp"

#include <string>
#include <string_view>

namespace bluebatch::azure {

// The header of answers that no Azure gives: it names what the emulator does not have.
inline constexpr std::string_view kNotEmulated = "x-bluebatch-not-emulated";

inline void name_not_emulated(http::Headers& headers, std::string_view what) {
    headers.set(kNotEmulated, std::string{what});
}

}  // namespace bluebatch::azure
