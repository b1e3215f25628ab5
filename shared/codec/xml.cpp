#include "shared/codec/xml.hpp"

#include "shared/base/text.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace bluebatch::codec {
namespace {

// Deep documents would only exhaust the stack; the service's own are five elements deep.
constexpr int kMaxDepth = 32;

constexpr std::string_view escape_of(char letter) {
    switch (letter) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\r':
            return "&#xD;";
        default:
            return {};
    }
}

// Most texts need no escape, and go over in one piece.
void append_escaped(std::string& target, std::string_view text) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const escape = escape_of(text[i]);
        if (escape.empty()) continue;
        target.append(text.substr(start, i - start)).append(escape);
        start = i + 1;
    }
    target.append(text.substr(start));
}

// The parser takes a reference that means nothing for text.
bool is_reference(std::string_view text) {
    auto const end = text.find(';');
    if (end == std::string_view::npos) return false;
    auto const name = text.substr(1, end - 1);
    if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos") return true;
    bool const is_hexadecimal = name.starts_with("#x");
    if (!is_hexadecimal && !name.starts_with('#')) return false;
    auto const digits = name.substr(is_hexadecimal ? 2 : 1);
    auto const* const valid = is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
    return !digits.empty() && digits.find_first_not_of(valid) == std::string_view::npos;
}

// Whether each '&' that is markup begins a reference; in sections that hold raw text it is none.
bool has_only_references(std::string_view document) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRaw{
        {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}}};
    for (auto at = document.find_first_of("&<"); at != std::string_view::npos;
         at = document.find_first_of("&<", at + 1)) {
        auto const rest = document.substr(at);
        if (rest.front() == '&' && !is_reference(rest)) return false;
        for (auto const& [begin, end] : kRaw) {
            if (rest.starts_with(begin)) at += std::min(rest.find(end, begin.size()), rest.size() - 1);
        }
    }
    return true;
}

bool is_utf16(std::string_view document) {
    return document.substr(0, 4).find('\0') != std::string_view::npos;
}

bool copy_attributes(pugi::xml_node const& node, XmlElement& element) {
    constexpr std::size_t kMostAttributes = 64;
    for (auto const& attribute : node.attributes()) {
        if (element.attributes.size() == kMostAttributes) return false;
        auto const has_name = [&](auto const& other) { return other.first == attribute.name(); };
        if (std::ranges::any_of(element.attributes, has_name)) return false;
        element.attributes.emplace_back(attribute.name(), attribute.value());
    }
    return true;
}

// None of the service's elements has both elements and text; blanks between elements are none.
bool has_text_between(XmlElement const& element) {
    return !element.children.empty() && !base::trim(element.text).empty();
}

bool copy_element(pugi::xml_node const& node, XmlElement& element, int depth) {
    if (depth > kMaxDepth || !copy_attributes(node, element)) return false;
    element.name = node.name();
    for (auto const& child : node.children()) {
        if (child.type() == pugi::node_element) {
            if (!copy_element(child, element.children.emplace_back(), depth + 1)) return false;
        } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
            element.text += child.value();
        }
    }
    // The parser lets bytes pass that make a document malformed, and that no answer could repeat.
    return is_xml_text(element.name) && is_xml_text(element.text) && !has_text_between(element);
}

}  // namespace

XmlWriter::XmlWriter() : text_("<?xml version=\"1.0\" encoding=\"utf-8\"?>") {}

void XmlWriter::begin(std::string_view name, std::vector<Attribute> const& attributes) {
    text_.append("<").append(name);
    for (auto const& [key, value] : attributes) {
        text_.append(" ").append(key).append("=\"");
        append_escaped(text_, value);
        text_ += '"';
    }
}

void XmlWriter::open(std::string_view name, std::vector<Attribute> const& attributes) {
    begin(name, attributes);
    text_ += '>';
    open_.emplace_back(name);
}

void XmlWriter::close() {
    text_.append("</").append(open_.back()).append(">");
    open_.pop_back();
}

void XmlWriter::element(
    std::string_view name, std::string_view text, std::vector<Attribute> const& attributes
) {
    begin(name, attributes);
    text_ += '>';
    append_escaped(text_, text);
    text_.append("</").append(name).append(">");
}

void XmlWriter::empty_element(std::string_view name) {
    text_.append("<").append(name).append(" />");
}

std::string XmlWriter::finish() && {
    if (!open_.empty()) throw std::logic_error("XML element left open: " + open_.back());
    return std::move(text_);
}

bool is_xml_text(std::string_view text) {
    if (!base::is_valid_utf8(text)) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
        // U+FFFE and U+FFFF.
        if (byte == 0xEF && text.substr(i, 2) == "\xEF\xBF" &&
            static_cast<unsigned char>(text[i + 2]) >= 0xBE)
            return false;
    }
    return true;
}

XmlElement const* XmlElement::find(std::string_view child) const {
    for (auto const& element : children) {
        if (element.name == child) return &element;
    }
    return nullptr;
}

std::string_view XmlElement::attribute(std::string_view wanted) const {
    for (auto const& [key, value] : attributes) {
        if (key == wanted) return value;
    }
    return {};
}

std::optional<XmlElement> parse_xml(std::string_view document) {
    pugi::xml_document parsed;
    // A text of blanks alone is a text, as the value of a tag may be. As a fragment, so that what stands
    // beside the root is seen.
    constexpr auto kHow = pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_fragment;
    auto const outcome = parsed.load_buffer(document.data(), document.size(), kHow);
    if (!outcome || (!is_utf16(document) && !has_only_references(document))) return std::nullopt;
    auto const root = parsed.document_element();
    bool const is_alone = std::ranges::all_of(parsed.children(), [&](pugi::xml_node const& node) {
        return node == root || (node.type() != pugi::node_element && base::trim(node.value()).empty());
    });
    if (!root || !is_alone) return std::nullopt;
    XmlElement element;
    if (!copy_element(root, element, 0)) return std::nullopt;
    return element;
}

}  // namespace bluebatch::codec
