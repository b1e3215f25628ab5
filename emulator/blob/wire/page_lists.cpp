#include "emulator/blob/wire/page_lists.hpp"

#include "emulator/blob/wire/lists.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

namespace bluebatch::emulator::blob::wire {

std::string page_list(cases::PageList const& list) {
    codec::XmlWriter xml;
    xml.open("PageList");
    for (auto const& range : list.ranges) {
        xml.open(range.state == store::PageState::written ? "PageRange" : "ClearRange");
        xml.element("Start", std::to_string(range.start));
        xml.element("End", std::to_string(range.start + range.size - 1));
        xml.close();
    }
    if (list.next) {
        xml.element("NextMarker", to_marker(std::to_string(*list.next)));
    } else {
        xml.empty_element("NextMarker");
    }
    xml.close();
    return std::move(xml).finish();
}

azure::StorageResult<std::uint64_t> parse_page_marker(std::string_view marker) {
    auto const text = parse_marker(marker);
    if (!text) return text.error();
    if (text->empty()) return std::uint64_t{0};
    auto const start = base::parse_number<std::uint64_t>(*text);
    if (!start) {
        return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
    }
    return *start;
}

}  // namespace bluebatch::emulator::blob::wire
