#include "emulator/blob/wire/page_headers.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageResult;

StorageResult<std::optional<std::uint64_t>> read_number(http::Headers const& headers, std::string_view name) {
    constexpr std::uint64_t kMost = INT64_MAX;
    auto const text = headers.find(name);
    if (!text || text->empty()) return std::nullopt;
    auto const number = base::parse_number<std::uint64_t>(*text);
    if (!number || *number > kMost) return azure::invalid_header(name, *text);
    return number;
}

constexpr std::string_view kSequenceNumber = "x-ms-blob-sequence-number";
constexpr std::string_view kSequenceAction = "x-ms-sequence-number-action";

}  // namespace

StorageResult<PageWriteKind> read_page_write_kind(http::Headers const& headers) {
    constexpr std::string_view kName = "x-ms-page-write";
    auto const text = headers.get(kName);
    if (text.empty()) return azure::missing_header(kName);
    if (base::equal_ignoring_case(text, "update")) return PageWriteKind::update;
    if (base::equal_ignoring_case(text, "clear")) return PageWriteKind::clear;
    return azure::invalid_header(kName, text);
}

StorageResult<rules::ByteRange> read_page_range(http::Headers const& headers) {
    for (std::string_view const name : {"x-ms-range", "Range"}) {
        auto const text = headers.get(name);
        if (!text.empty()) return rules::parse_page_range(name, text);
    }
    return azure::missing_header("x-ms-range");
}

StorageResult<rules::SequenceConditions> read_sequence_conditions(http::Headers const& headers) {
    auto const at_most = read_number(headers, "x-ms-if-sequence-number-le");
    if (!at_most) return at_most.error();
    auto const below = read_number(headers, "x-ms-if-sequence-number-lt");
    if (!below) return below.error();
    auto const equal = read_number(headers, "x-ms-if-sequence-number-eq");
    if (!equal) return equal.error();
    return rules::SequenceConditions{*at_most, *below, *equal};
}

StorageResult<std::optional<std::uint64_t>> read_page_blob_size(http::Headers const& headers) {
    constexpr std::string_view kName = "x-ms-blob-content-length";
    auto const size = read_number(headers, kName);
    if (!size) return size.error();
    if (*size && (**size % rules::kPageSize != 0 || **size > rules::kMaxPageBlobSize)) {
        return azure::invalid_header(kName, headers.get(kName));
    }
    return *size;
}

StorageResult<std::optional<std::uint64_t>> read_sequence_number(http::Headers const& headers) {
    return read_number(headers, kSequenceNumber);
}

StorageResult<std::optional<rules::SequenceChange>> read_sequence_change(http::Headers const& headers) {
    using enum rules::SequenceAction;
    auto const number = read_sequence_number(headers);
    if (!number) return number.error();
    auto const action = headers.get(kSequenceAction);
    if (action.empty()) {
        if (*number) return azure::missing_header(kSequenceAction);
        return std::nullopt;
    }
    if (base::equal_ignoring_case(action, "increment")) {
        if (*number) return azure::invalid_header(kSequenceNumber, headers.get(kSequenceNumber));
        return rules::SequenceChange{increment, 0};
    }
    bool const is_max = base::equal_ignoring_case(action, "max");
    if (!is_max && !base::equal_ignoring_case(action, "update")) {
        return azure::invalid_header(kSequenceAction, action);
    }
    if (!*number) return azure::missing_header(kSequenceNumber);
    return rules::SequenceChange{is_max ? max : update, **number};
}

StorageResult<cases::AppendConditions> read_append_conditions(http::Headers const& headers) {
    auto const position = read_number(headers, "x-ms-blob-condition-appendpos");
    if (!position) return position.error();
    auto const max_size = read_number(headers, "x-ms-blob-condition-maxsize");
    if (!max_size) return max_size.error();
    return cases::AppendConditions{*position, *max_size};
}

}  // namespace bluebatch::emulator::blob::wire
