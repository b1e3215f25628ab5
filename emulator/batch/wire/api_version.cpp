#include "emulator/batch/wire/api_version.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::wire {
namespace {

// "2025-06-01", with or without ".20.0" or "-preview" behind it.
bool begins_with_a_date(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00";
    if (text.size() < kForm.size()) return false;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        bool const is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == '0' ? !is_digit : text[i] != '-') return false;
    }
    return text.size() == kForm.size() || text[kForm.size()] == '.' || text[kForm.size()] == '-';
}

}  // namespace

std::optional<RequestedVersion> parse_api_version(std::string_view text) {
    auto const it = std::ranges::find(kApiVersions, text);
    if (it != kApiVersions.end())
        return RequestedVersion{static_cast<ApiVersion>(it - kApiVersions.begin()), Knowledge::known};
    if (!begins_with_a_date(text) || text <= kApiVersions.back()) return std::nullopt;
    return RequestedVersion{kNewest, Knowledge::newer};
}

}  // namespace bluebatch::emulator::batch::wire
