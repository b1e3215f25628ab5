#include "shared/azure/structured_message.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

std::string message_of(std::vector<std::string> const& segments) {
    std::string content;
    std::string text;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        text += structured_segment_header(i + 1, segments[i].size()) + segments[i];
        text += base::crc64_bytes(base::crc64(segments[i]));
        content += segments[i];
    }
    text += base::crc64_bytes(base::crc64(content));
    auto header = structured_header(0);
    header.resize(1);
    header += base::crc64_bytes(13 + text.size());
    header += {'\1', '\0', static_cast<char>(segments.size()), '\0'};
    return header + text;
}

struct Decoded {
    std::string content;
    StructuredFault fault;
};

Decoded decode(std::string const& message, std::size_t piece = 1000) {
    StructuredMessageDecoder decoder;
    Decoded result;
    for (std::size_t at = 0; at < message.size(); at += piece) {
        auto bytes = message.substr(at, piece);
        result.content.append(bytes.data(), decoder.take(bytes));
    }
    result.fault = decoder.fault();
    return result;
}

TEST(StructuredMessage, IsReadInPiecesOfAnySize) {
    auto const message = message_of({"first", "", "the third"});
    for (std::size_t piece = 1; piece <= message.size(); ++piece) {
        auto const decoded = decode(message, piece);
        EXPECT_EQ(decoded.fault, StructuredFault::none) << piece;
        EXPECT_EQ(decoded.content, "firstthe third") << piece;
    }
}

TEST(StructuredMessage, MayBeEmpty) {
    EXPECT_EQ(decode(message_of({""})).fault, StructuredFault::none);
    EXPECT_EQ(message_of({""}).size(), structured_size(0));
    EXPECT_EQ(structured_header(0) + structured_segment_header(1, 0), message_of({""}).substr(0, 23));
}

TEST(StructuredMessage, ThatIsNotWholeIsRefused) {
    auto const message = message_of({"first", "second"});
    EXPECT_EQ(decode("").fault, StructuredFault::malformed);
    for (std::size_t size = 1; size < message.size(); ++size)
        EXPECT_EQ(decode(message.substr(0, size)).fault, StructuredFault::malformed) << size;
    EXPECT_EQ(decode(message + "x").fault, StructuredFault::malformed);
}

TEST(StructuredMessage, ThatIsChangedIsRefused) {
    auto const message = message_of({"first", "second"});
    for (std::size_t at = 0; at < message.size(); ++at) {
        auto changed = message;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_NE(decode(changed).fault, StructuredFault::none) << at;
    }
}

TEST(StructuredMessage, HasSegmentsOf4MiB) {
    EXPECT_EQ(structured_segments(0), 1U);
    EXPECT_EQ(structured_segments(4 << 20), 1U);
    EXPECT_EQ(structured_segments((4 << 20) + 1), 2U);
    EXPECT_EQ(structured_size((4 << 20) + 1), 13U + 2 * 18 + (4U << 20) + 1 + 8);
}

}  // namespace
}  // namespace bluebatch::azure
