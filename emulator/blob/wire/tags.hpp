#pragma once

#include "emulator/blob/cases/tags.hpp"
#include "emulator/blob/rules/tags.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

// Index tags in headers and documents.
namespace bluebatch::emulator::blob::wire {

// x-ms-tags: "key=value&key=value", encoded as in a URL. Empty: there is no such header.
azure::StorageResult<std::optional<rules::Tags>> read_tags(http::Headers const& headers);

enum class CopiedTags : std::uint8_t { replaced, copied };
// x-ms-copy-source-tag-option; COPY can't go with x-ms-tags.
azure::StorageResult<CopiedTags> read_tag_option(http::Headers const& headers);

// <Tags><TagSet><Tag><Key>...</Key><Value>...</Value></Tag></TagSet></Tags>
azure::StorageResult<rules::Tags> parse_tags(std::string_view document);
void write_tags(codec::XmlWriter& xml, rules::Tags const& tags);
std::string to_xml(rules::Tags const& tags);

struct FindHead {
    std::string endpoint;
    std::string where;
    rules::TagFilter filter;  // tags that it does not name are not shown
};
std::string found_blobs(FindHead const& head, cases::FoundPage const& page);

std::string to_marker(cases::FindPlace const& place);
azure::StorageResult<cases::FindPlace> parse_find_marker(std::string_view marker);

}  // namespace bluebatch::emulator::blob::wire
