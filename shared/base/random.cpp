#include "shared/base/random.hpp"

#include "shared/base/digest.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace bluebatch::base {

std::uint64_t Random::next() {
    std::array<std::uint8_t, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
}

std::string Random::guid() {
    auto text = hex(32);
    text[12] = '4';
    text[16] = "89ab"[next() & 3];
    for (std::size_t const position : {8U, 13U, 18U, 23U})
        text.insert(position, 1, '-');
    return text;
}

std::string Random::hex(std::size_t digits) {
    std::string bytes((digits + 1) / 2, '\0');
    fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return to_hex(bytes).substr(0, digits);
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random bytes to be had");
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
    std::scoped_lock const lock(mutex_);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(engine_());
}

}  // namespace bluebatch::base
