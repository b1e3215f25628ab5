#include "shared/azure/structured_message.hpp"

#include <algorithm>
#include <cstring>

namespace bluebatch::azure {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kCrc64Flag = 1;
constexpr std::size_t kHeader = 13;
constexpr std::size_t kSegmentHeader = 10;
constexpr std::size_t kSum = 8;

void append_number(std::string& text, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i, value >>= 8)
        text += static_cast<char>(value & 0xFF);
}

}  // namespace

std::size_t StructuredMessageDecoder::take(std::span<char> bytes) {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < bytes.size() && fault_ == StructuredFault::none;) {
        auto const left = bytes.size() - at;
        if (part_ == Part::content) {
            auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(left, content_left_));
            segment_sum_.update(std::string_view{bytes.data() + at, count});
            message_sum_.update(std::string_view{bytes.data() + at, count});
            std::memmove(bytes.data() + kept, bytes.data() + at, count);
            kept += count;
            at += count;
            content_left_ -= count;
            taken_ += count;
            if (content_left_ == 0) begin(Part::segment_footer, kSum);
            continue;
        }
        if (part_ == Part::end) {
            fail(StructuredFault::malformed);
            break;
        }
        auto const count = std::min(left, mark_size_ - mark_filled_);
        std::memcpy(mark_.data() + mark_filled_, bytes.data() + at, count);
        mark_filled_ += count;
        at += count;
        taken_ += count;
        if (mark_filled_ == mark_size_) read_mark();
    }
    return kept;
}

StructuredFault StructuredMessageDecoder::fault() const {
    if (fault_ != StructuredFault::none) return fault_;
    bool const is_whole = part_ == Part::end && taken_ == message_size_;
    return is_whole ? StructuredFault::none : StructuredFault::malformed;
}

std::uint64_t StructuredMessageDecoder::number(std::size_t offset, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i)
        value = value << 8 | static_cast<std::uint8_t>(mark_[offset + i - 1]);
    return value;
}

void StructuredMessageDecoder::begin(Part part, std::size_t size) {
    part_ = part;
    mark_size_ = size;
    mark_filled_ = 0;
}

void StructuredMessageDecoder::read_mark() {
    switch (part_) {
        case Part::header:
            message_size_ = number(1, 8);
            segments_ = number(11, 2);
            if (number(0, 1) != kVersion || number(9, 2) != kCrc64Flag || segments_ == 0) {
                return fail(StructuredFault::malformed);
            }
            return begin(Part::segment_header, kSegmentHeader);
        case Part::segment_header:
            content_left_ = number(2, 8);
            segment_sum_ = {};
            if (number(0, 2) != ++segment_) return fail(StructuredFault::malformed);
            if (content_left_ == 0) return begin(Part::segment_footer, kSum);
            part_ = Part::content;
            return;
        case Part::segment_footer:
            if (number(0, kSum) != segment_sum_.value()) return fail(StructuredFault::crc64_mismatch);
            if (segment_ < segments_) return begin(Part::segment_header, kSegmentHeader);
            return begin(Part::footer, kSum);
        case Part::footer:
            if (number(0, kSum) != message_sum_.value()) return fail(StructuredFault::crc64_mismatch);
            part_ = Part::end;
            return;
        case Part::content:
        case Part::end:
            return;
    }
}

std::uint64_t structured_segments(std::uint64_t content_size) {
    return std::max<std::uint64_t>(1, (content_size + kStructuredSegment - 1) / kStructuredSegment);
}

std::uint64_t structured_size(std::uint64_t content_size) {
    return kHeader + structured_segments(content_size) * (kSegmentHeader + kSum) + content_size + kSum;
}

std::string structured_header(std::uint64_t content_size) {
    std::string text;
    append_number(text, kVersion, 1);
    append_number(text, structured_size(content_size), 8);
    append_number(text, kCrc64Flag, 2);
    append_number(text, structured_segments(content_size), 2);
    return text;
}

std::string structured_segment_header(std::uint64_t number, std::uint64_t content_size) {
    std::string text;
    append_number(text, number, 2);
    append_number(text, content_size, 8);
    return text;
}

}  // namespace bluebatch::azure
