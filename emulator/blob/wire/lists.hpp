#pragma once

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/cases/blocks.hpp"
#include "emulator/blob/cases/containers.hpp"
#include "emulator/blob/wire/markers.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// The XML of lists.
namespace bluebatch::emulator::blob::wire {

enum class ListMetadata : std::uint8_t { left_out, included };
enum class ListCopies : std::uint8_t { left_out, included };
enum class ListTags : std::uint8_t { left_out, included };
enum class ListImmutability : std::uint8_t { left_out, included };
enum class ListLegalHold : std::uint8_t { left_out, included };

// What a client asked for, as the answer repeats it.
struct ListHead {
    std::string version;  // "2021-12-02": which elements the list has
    std::string endpoint;
    std::string prefix;
    std::string delimiter;
    std::string marker;
    std::size_t max_results = 0;  // 0: not asked for
    ListMetadata metadata = ListMetadata::left_out;
    ListCopies copies = ListCopies::left_out;
    ListTags tags = ListTags::left_out;
    ListImmutability immutability = ListImmutability::left_out;
    ListLegalHold legal_hold = ListLegalHold::left_out;
};

std::string container_list(ListHead const& head, cases::ContainerPage const& page, base::TimePoint now);
std::string blob_list(
    ListHead const& head, std::string_view container, store::BlobList const& page, base::TimePoint now
);

// Texts that XML can't carry are percent-encoded, and say so.
void write_any_text(codec::XmlWriter& xml, std::string_view element, std::string_view text);

enum class BlockListType : std::uint8_t { committed, uncommitted, all };
std::string block_list(cases::BlockLists const& lists, BlockListType type);

}  // namespace bluebatch::emulator::blob::wire
