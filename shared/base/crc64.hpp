#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bluebatch::base {

// CRC-64/NVME, piece by piece: the checksum that the storage services call CRC64.
class Crc64 {
public:
    void update(std::span<std::byte const> bytes);
    void update(std::string_view bytes);
    // Of everything so far.
    std::uint64_t value() const { return ~state_; }

private:
    std::uint64_t state_ = ~std::uint64_t{0};
};

std::uint64_t crc64(std::string_view bytes);

// The 8 bytes of a checksum as services send it: the lowest first.
std::string crc64_bytes(std::uint64_t value);

}  // namespace bluebatch::base
