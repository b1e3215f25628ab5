#include "emulator/blob/wire/tags.hpp"

#include "emulator/blob/wire/lists.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

constexpr char kMarkerField = '\x1F';

// Where forms are written, a plus is a blank.
std::string decode(std::string_view text) {
    std::string spaced{text};
    std::ranges::replace(spaced, '+', ' ');
    return http::percent_decode(spaced);
}

void write_found(codec::XmlWriter& xml, FindHead const& head, cases::FoundBlob const& found) {
    auto const& blob = found.blob;
    rules::Tags shown = blob.tags;
    std::erase_if(shown, [&](auto const& tag) {
        return std::ranges::find(head.filter.tests, tag.first, &rules::TagTest::key) ==
               head.filter.tests.end();
    });
    xml.open("Blob");
    write_any_text(xml, "Name", blob.name);
    xml.element("ContainerName", found.container);
    if (blob.version) {
        xml.element("VersionId", base::to_iso8601(*blob.version, 7));
        if (blob.stage == store::Stage::current) xml.element("IsCurrentVersion", "true");
    }
    write_tags(xml, shown);
    xml.close();
}

}  // namespace

StorageResult<std::optional<rules::Tags>> read_tags(http::Headers const& headers) {
    constexpr std::size_t kLongest = 16 << 10;
    auto const text = headers.find("x-ms-tags");
    if (!text) return std::nullopt;
    if (text->size() > kLongest) return StorageErrorCode::tags_too_large;
    rules::Tags tags;
    for (auto const part : base::split(*text, '&')) {
        if (part.empty()) continue;
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) return azure::invalid_header("x-ms-tags", *text);
        tags.emplace_back(decode(part.substr(0, equals)), decode(part.substr(equals + 1)));
    }
    if (auto const fault = rules::find_tags_fault(tags)) return *fault;
    return tags;
}

StorageResult<CopiedTags> read_tag_option(http::Headers const& headers) {
    constexpr std::string_view kName = "x-ms-copy-source-tag-option";
    auto const text = headers.get(kName);
    if (text.empty() || text == "REPLACE") return CopiedTags::replaced;
    if (text != "COPY" || headers.has("x-ms-tags")) return azure::invalid_header(kName, text);
    return CopiedTags::copied;
}

StorageResult<rules::Tags> parse_tags(std::string_view document) {
    auto const root = codec::parse_xml(document);
    if (!root || root->name != "Tags") return StorageErrorCode::invalid_xml_document;
    rules::Tags tags;
    auto const* const set = root->find("TagSet");
    if (set == nullptr) return StorageErrorCode::invalid_xml_document;
    for (auto const& tag : set->children) {
        auto const* const key = tag.find("Key");
        auto const* const value = tag.find("Value");
        if (tag.name != "Tag" || key == nullptr || value == nullptr)
            return StorageErrorCode::invalid_xml_document;
        tags.emplace_back(key->text, value->text);
    }
    if (auto const fault = rules::find_tags_fault(tags)) return *fault;
    return tags;
}

void write_tags(codec::XmlWriter& xml, rules::Tags const& tags) {
    xml.open("Tags");
    xml.open("TagSet");
    for (auto const& [key, value] : tags) {
        xml.open("Tag");
        xml.element("Key", key);
        xml.element("Value", value);
        xml.close();
    }
    xml.close();
    xml.close();
}

std::string to_xml(rules::Tags const& tags) {
    codec::XmlWriter xml;
    write_tags(xml, tags);
    return std::move(xml).finish();
}

std::string found_blobs(FindHead const& head, cases::FoundPage const& page) {
    codec::XmlWriter xml;
    xml.open("EnumerationResults", {{"ServiceEndpoint", head.endpoint}});
    write_any_text(xml, "Where", head.where);
    xml.open("Blobs");
    for (auto const& found : page.blobs)
        write_found(xml, head, found);
    xml.close();
    if (page.next) {
        xml.element("NextMarker", to_marker(*page.next));
    } else {
        xml.empty_element("NextMarker");
    }
    xml.close();
    return std::move(xml).finish();
}

// The name comes last, as it may hold anything.
std::string to_marker(cases::FindPlace const& place) {
    return to_marker(fmt::format(
        "{1}{0}{2}{0}{3}{0}{4}", kMarkerField, place.container, place.value, place.blob_id, place.name
    ));
}

StorageResult<cases::FindPlace> parse_find_marker(std::string_view marker) {
    constexpr std::size_t kFields = 3;
    auto const text = parse_marker(marker);
    if (!text) return text.error();
    cases::FindPlace place;
    if (text->empty()) return place;
    std::array<std::string_view, kFields> fields;
    std::string_view rest = *text;
    for (auto& field : fields) {
        auto const end = std::min(rest.find(kMarkerField), rest.size());
        field = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    auto const id = base::parse_number<std::int64_t>(fields[2]);
    if (!id) return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
    return cases::FindPlace{std::string{fields[0]}, std::string{fields[1]}, std::string{rest}, *id};
}

}  // namespace bluebatch::emulator::blob::wire
