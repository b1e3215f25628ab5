#include "emulator/blob/rules/range.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::rules {
namespace {

azure::StorageError is_beyond(std::uint64_t size) {
    azure::StorageError error{azure::StorageErrorCode::invalid_range};
    error.whole_size = size;
    return error;
}

}  // namespace

azure::StorageResult<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view kUnit = "bytes=";
    if (!base::starts_with_ignoring_case(header, kUnit)) return std::nullopt;
    header.remove_prefix(kUnit.size());
    auto const dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    auto const first_text = base::trim(header.substr(0, dash));
    auto const last_text = base::trim(header.substr(dash + 1));

    if (first_text.empty()) {
        auto const count = base::parse_number<std::uint64_t>(last_text);
        if (!count) return std::nullopt;
        auto const length = std::min(*count, size);
        if (length == 0) return is_beyond(size);
        return ByteRange{size - length, length};
    }
    auto const first = base::parse_number<std::uint64_t>(first_text);
    if (!first) return std::nullopt;
    std::uint64_t last = UINT64_MAX;
    if (!last_text.empty()) {
        auto const number = base::parse_number<std::uint64_t>(last_text);
        if (!number || *number < *first) return std::nullopt;
        last = *number;
    }
    if (*first >= size) return is_beyond(size);
    return ByteRange{*first, std::min(last, size - 1) - *first + 1};
}

}  // namespace bluebatch::emulator::blob::rules
