// XML documents of requests: what was read can be written, and read again the same.
#include "shared/codec/xml.hpp"

#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

using codec::XmlElement;

constexpr int kDeepest = 40;

void write(codec::XmlWriter& writer, XmlElement const& element) {
    writer.open(element.name);
    writer.element("text", element.text);
    for (auto const& child : element.children)
        write(writer, child);
    writer.close();
}

// Readers may drop text that is nothing but white space.
bool same_text(std::string const& left, std::string const& right) {
    return left == right || (base::trim(left).empty() && base::trim(right).empty());
}

bool same(XmlElement const& before, XmlElement const& after) {
    if (before.name != after.name || after.children.size() != before.children.size() + 1) return false;
    if (!same_text(before.text, after.children.front().text)) return false;
    for (std::size_t i = 0; i < before.children.size(); ++i)
        if (!same(before.children[i], after.children[i + 1])) return false;
    return true;
}

int depth_of(XmlElement const& element) {
    int deepest = 0;
    for (auto const& child : element.children)
        deepest = std::max(deepest, depth_of(child));
    return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    if (auto const root = codec::parse_xml(input)) {
        check(depth_of(*root) <= kDeepest, "depth is bounded", input);
        codec::XmlWriter writer;
        write(writer, *root);
        auto const text = std::move(writer).finish();
        auto const again = codec::parse_xml(text);
        // The writer adds a level.
        if (depth_of(*root) < 32) check(again && same(*root, *again), "what was read can be written", text);
    }
    if (codec::is_xml_text(input)) {
        check(base::is_valid_utf8(input), "XML is UTF-8", input);
        codec::XmlWriter writer;
        writer.element("a", input, {{"b", input}});
        auto const again = codec::parse_xml(std::move(writer).finish());
        check(again && same_text(again->text, std::string(input)), "any text survives", input);
    }
    return 0;
}

}  // namespace bluebatch::fuzz
