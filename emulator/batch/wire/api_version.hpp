#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::batch::wire {

// The versions of the interface that are answered in their own shape, oldest first. Batch: REST-6
enum class ApiVersion : std::uint8_t {
    v2017_09,
    v2018_03,
    v2018_08,
    v2018_12,
    v2019_06,
    v2019_08,
    v2020_03,
    v2020_09,
    v2021_06,
    v2022_01,
    v2022_10,
    v2023_05,
    v2023_11,
    v2024_02,
    v2024_07,
    v2025_06,
};

inline constexpr auto kApiVersions = std::to_array<std::string_view>({
    "2017-09-01.6.0",
    "2018-03-01.6.1",
    "2018-08-01.7.0",
    "2018-12-01.8.0",
    "2019-06-01.9.0",
    "2019-08-01.10.0",
    "2020-03-01.11.0",
    "2020-09-01.12.0",
    "2021-06-01.14.0",
    "2022-01-01.15.0",
    "2022-10-01.16.0",
    "2023-05-01.17.0",
    "2023-11-01.18.0",
    "2024-02-01.19.0",
    "2024-07-01.20.0",
    "2025-06-01",
});

inline constexpr auto kOldest = ApiVersion::v2017_09;
inline constexpr auto kNewest = ApiVersion::v2025_06;

enum class Knowledge : std::uint8_t { known, newer };

struct RequestedVersion {
    ApiVersion version = kNewest;
    Knowledge knowledge = Knowledge::known;
};

// A version newer than all we know is served as the newest. Nothing for older, unknown and malformed ones.
std::optional<RequestedVersion> parse_api_version(std::string_view text);

}  // namespace bluebatch::emulator::batch::wire
