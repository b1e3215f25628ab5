#include "emulator/blob/rules/pages.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::rules {

using azure::StorageErrorCode;

azure::StorageResult<ByteRange> parse_page_range(std::string_view name, std::string_view header) {
    constexpr std::string_view kUnit = "bytes=";
    if (!base::starts_with_ignoring_case(header, kUnit)) return azure::invalid_header(name, header);
    auto const text = header.substr(kUnit.size());
    auto const dash = text.find('-');
    if (dash == std::string_view::npos) return azure::invalid_header(name, header);
    auto const first = base::parse_number<std::uint64_t>(base::trim(text.substr(0, dash)));
    auto const last = base::parse_number<std::uint64_t>(base::trim(text.substr(dash + 1)));
    if (!first || !last) return azure::invalid_header(name, header);
    bool const is_aligned = *first % kPageSize == 0 && *last % kPageSize == kPageSize - 1;
    if (!is_aligned || *last < *first || *last >= kMaxPageBlobSize) {
        return StorageErrorCode::invalid_page_range;
    }
    return ByteRange{*first, *last - *first + 1};
}

ByteRange whole_pages(ByteRange range) {
    auto const start = range.offset / kPageSize * kPageSize;
    auto const end = (range.offset + range.length + kPageSize - 1) / kPageSize * kPageSize;
    return {start, end - start};
}

bool SequenceConditions::are_met_by(std::uint64_t number) const {
    return (!at_most || number <= *at_most) && (!below || number < *below) && (!equal || number == *equal);
}

azure::StorageResult<std::uint64_t> apply(SequenceChange const& change, std::uint64_t number) {
    switch (change.action) {
        case SequenceAction::max:
            return std::max(change.number, number);
        case SequenceAction::update:
            return change.number;
        case SequenceAction::increment:
            break;
    }
    if (number >= kMaxSequenceNumber) return StorageErrorCode::sequence_number_increment_too_large;
    return number + 1;
}

}  // namespace bluebatch::emulator::blob::rules
