#include "emulator/domain/vm_size.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace bluebatch::emulator::domain {
namespace {

constexpr int kMostCores = 1024;

// The oldest families number their sizes 0, 1, 2 ...; these are the cores of each, 0 where there is none.
constexpr auto kOldA = std::to_array<int>({1, 1, 2, 4, 8, 2, 4, 8, 8, 16, 8, 16});
constexpr auto kOldD = std::to_array<int>({0, 1, 2, 4, 8, 16, 0, 0, 0, 0, 0, 2, 4, 8, 16, 20});
constexpr auto kOldG = std::to_array<int>({0, 2, 4, 8, 16, 32});

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest) {
    auto const end = std::ranges::find_if_not(rest, is_digit);
    auto const digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(digits.size());
    return digits;
}

// Cores by the number of the size; empty for a family whose numbers are its cores.
std::span<int const> numbered_cores(std::string_view family, std::string_view after_number) {
    bool const is_first = after_number.find("_v") == std::string_view::npos;
    bool const is_second = after_number.find("_v2") != std::string_view::npos;
    if (family == "a" && is_first) return kOldA;
    if ((family == "d" || family == "ds") && (is_first || is_second)) return kOldD;
    if (family == "g" || family == "gs") return kOldG;
    return {};
}

}  // namespace

std::optional<int> find_cores(std::string_view vm_size) {
    std::string const name = base::to_lower(vm_size);
    std::string_view rest = name;
    auto const start = rest.find('_');
    auto const tier = rest.substr(0, start);
    if (start == std::string_view::npos || (tier != "standard" && tier != "basic")) return std::nullopt;
    rest.remove_prefix(start + 1);

    auto const number_at = std::min(rest.find_first_of("0123456789"), rest.size());
    auto const family = rest.substr(0, number_at);
    if (family.empty() || !std::ranges::all_of(family, [](char c) { return c >= 'a' && c <= 'z'; }))
        return std::nullopt;
    rest.remove_prefix(number_at);
    auto number = base::parse_number<int>(take_digits(rest));
    // "E32-8s_v3": 8 of the 32 cores can be used.
    if (rest.starts_with('-')) {
        rest.remove_prefix(1);
        number = base::parse_number<int>(take_digits(rest));
    }
    if (!number) return std::nullopt;
    if (auto const cores = numbered_cores(family, rest); !cores.empty()) {
        auto const index = static_cast<std::size_t>(*number);
        number = index < cores.size() ? cores[index] : 0;
    }
    if (*number < 1 || *number > kMostCores) return std::nullopt;
    return number;
}

}  // namespace bluebatch::emulator::domain
