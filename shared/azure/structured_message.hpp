#pragma once

#include "shared/base/crc64.hpp"
#include "shared/http/body_filter.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Structured messages, version 1: a content in segments, each with its CRC64, that of the whole at the end.
//     version 1 byte | length of the message 8 | flags 2 | number of segments 2
//     number of the segment 2 | length 8 | content | CRC64 8      for each segment, the first is 1
//     CRC64 8
// Numbers are written with their lowest byte first.
namespace bluebatch::azure {

// The only form there is, as x-ms-structured-body has it.
inline constexpr std::string_view kStructuredBody = "XSM/1.0; properties=crc64";
inline constexpr std::uint64_t kStructuredSegment = 4 << 20;  // content of a segment that we write

enum class StructuredFault : std::uint8_t { none, malformed, crc64_mismatch };

// Takes the frame off a message and checks it.
class StructuredMessageDecoder final : public http::BodyFilter {
public:
    std::size_t take(std::span<char> bytes) override;
    // Once everything has been taken; malformed when the message has not come to its end.
    StructuredFault fault() const;

private:
    enum class Part : std::uint8_t { header, segment_header, content, segment_footer, footer, end };

    void read_mark();
    void begin(Part part, std::size_t size);
    void fail(StructuredFault fault) { fault_ = fault; }
    std::uint64_t number(std::size_t offset, std::size_t size) const;

    static constexpr std::size_t kLongestMark = 13;
    Part part_ = Part::header;
    std::array<char, kLongestMark> mark_{};
    std::size_t mark_size_ = kLongestMark;
    std::size_t mark_filled_ = 0;
    std::uint64_t message_size_ = 0;  // as stated
    std::uint64_t taken_ = 0;
    std::uint64_t segments_ = 0;
    std::uint64_t segment_ = 0;
    std::uint64_t content_left_ = 0;
    base::Crc64 segment_sum_;
    base::Crc64 message_sum_;
    StructuredFault fault_ = StructuredFault::none;
};

// The marks of a message around a content of this size.
std::uint64_t structured_size(std::uint64_t content_size);
std::uint64_t structured_segments(std::uint64_t content_size);
std::string structured_header(std::uint64_t content_size);
std::string structured_segment_header(std::uint64_t number, std::uint64_t content_size);

}  // namespace bluebatch::azure
