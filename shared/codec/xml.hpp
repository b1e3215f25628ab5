#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::codec {

// Writes an XML document from its first element to its last, escaped, without white space between elements.
class XmlWriter {
public:
    using Attribute = std::pair<std::string_view, std::string_view>;

    XmlWriter();
    void open(std::string_view name, std::vector<Attribute> const& attributes = {});
    void close();
    void element(std::string_view name, std::string_view text, std::vector<Attribute> const& attributes = {});
    // `<name />`, as the service writes elements that have nothing to say.
    void empty_element(std::string_view name);
    std::size_t size() const { return text_.size(); }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }
    // Every element must have been closed.
    std::string finish() &&;

private:
    void begin(std::string_view name, std::vector<Attribute> const& attributes);

    std::string text_;
    std::vector<std::string> open_;
};

// Whether XML 1.0 can carry the text at all.
bool is_xml_text(std::string_view text);

struct XmlElement {
    std::string name;
    std::string text;  // of the element itself, without its children's
    std::vector<XmlElement> children;
    std::vector<std::pair<std::string, std::string>> attributes = {};

    XmlElement const* find(std::string_view child) const;
    // "" when there is none of that name.
    std::string_view attribute(std::string_view wanted) const;
};

// The root element; nothing when the document is malformed or nests deeper than documents of the service do.
// A byte order mark, UTF-16 and a declaration are accepted; entities other than XML's own are not expanded.
std::optional<XmlElement> parse_xml(std::string_view document);

}  // namespace bluebatch::codec
