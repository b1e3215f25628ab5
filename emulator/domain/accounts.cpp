#include "emulator/domain/accounts.hpp"

#include <algorithm>

namespace bluebatch::emulator::domain {

bool is_account_name(std::string_view text) {
    constexpr std::size_t kShortest = 3;
    constexpr std::size_t kLongest = 24;
    return text.size() >= kShortest && text.size() <= kLongest &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace bluebatch::emulator::domain
