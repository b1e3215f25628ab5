// Structured messages: whole and in pieces, which must tell the same story.
#include "shared/azure/structured_message.hpp"

#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

struct Story {
    std::string content;
    azure::StructuredFault fault;
};

Story decode(std::string_view message, std::size_t piece) {
    azure::StructuredMessageDecoder decoder;
    Story story{};
    while (!message.empty()) {
        std::string bytes{message.substr(0, piece)};
        message.remove_prefix(bytes.size());
        auto const kept = decoder.take(bytes);
        check(kept <= bytes.size(), "no more comes out than went in");
        story.content.append(bytes, 0, kept);
    }
    story.fault = decoder.fault();
    return story;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const whole = decode(input, std::max<std::size_t>(size, 1));
    for (std::size_t const piece : {1U, 7U, 64U}) {
        auto const cut = decode(input, piece);
        check(cut.fault == whole.fault && cut.content == whole.content, "pieces make no difference", input);
    }
    return 0;
}

}  // namespace bluebatch::fuzz
