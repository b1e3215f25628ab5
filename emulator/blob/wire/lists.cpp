#include "emulator/blob/wire/lists.hpp"

#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <chrono>

namespace bluebatch::emulator::blob::wire {
namespace {

constexpr std::string_view kMarkerStart = "1-";

void write_text_or_empty(codec::XmlWriter& xml, std::string_view name, std::string_view text) {
    if (text.empty()) {
        xml.empty_element(name);
    } else {
        xml.element(name, text);
    }
}

void write_head(codec::XmlWriter& xml, ListHead const& head) {
    if (!head.prefix.empty()) write_any_text(xml, "Prefix", head.prefix);
    if (!head.marker.empty()) write_any_text(xml, "Marker", head.marker);
    if (head.max_results > 0) xml.element("MaxResults", std::to_string(head.max_results));
    if (!head.delimiter.empty()) write_any_text(xml, "Delimiter", head.delimiter);
}

void write_name(codec::XmlWriter& xml, std::string_view name) {
    write_any_text(xml, "Name", name);
}

void write_lease(codec::XmlWriter& xml, rules::OptionalLease const& lease, base::TimePoint now) {
    auto const state = rules::state_of(lease, now);
    xml.element("LeaseStatus", rules::is_held(lease, now) ? "locked" : "unlocked");
    xml.element("LeaseState", rules::to_string(state));
    if (state == rules::LeaseState::leased) {
        xml.element("LeaseDuration", lease->seconds ? "fixed" : "infinite");
    }
}

void write_metadata(codec::XmlWriter& xml, store::Metadata const& metadata) {
    if (metadata.empty()) {
        xml.empty_element("Metadata");
        return;
    }
    xml.open("Metadata");
    for (auto const& [name, value] : metadata)
        xml.element(name, value);
    xml.close();
}

void write_deletion(codec::XmlWriter& xml, store::SoftDeletion const& deletion, base::TimePoint now) {
    xml.element("DeletedTime", base::to_rfc1123(deletion.at));
    auto const left = std::chrono::duration_cast<std::chrono::days>(deletion.purge - now).count();
    xml.element("RemainingRetentionDays", std::to_string(left));
}

void write_container(
    codec::XmlWriter& xml, cases::ListedContainer const& listed, ListMetadata metadata, base::TimePoint now
) {
    auto const& container = listed.container;
    xml.open("Container");
    xml.element("Name", container.name);
    if (listed.deleted) {
        xml.element("Deleted", "true");
        xml.element("Version", listed.deleted->version);
    }
    xml.open("Properties");
    xml.element("Last-Modified", base::to_rfc1123(container.last_modified));
    xml.element("Etag", quoted_etag(container.etag));
    write_lease(xml, container.lease, now);
    if (container.public_access != store::PublicAccess::none) {
        xml.element("PublicAccess", to_string(container.public_access));
    }
    auto const& scope = container.default_encryption_scope;
    xml.element("DefaultEncryptionScope", scope.empty() ? "$account-encryption-key" : scope);
    xml.element("DenyEncryptionScopeOverride", container.denies_scope_override ? "true" : "false");
    xml.element("HasImmutabilityPolicy", "false");
    xml.element("HasLegalHold", "false");
    xml.element("ImmutableStorageWithVersioningEnabled", container.has_immutable_versions ? "true" : "false");
    if (listed.deleted) write_deletion(xml, listed.deleted->deletion, now);
    xml.close();
    if (metadata == ListMetadata::included) write_metadata(xml, container.metadata);
    xml.close();
}

void write_copy(codec::XmlWriter& xml, store::CopyState const& copy) {
    xml.element("CopyId", copy.id);
    xml.element("CopySource", copy.source);
    xml.element("CopyStatus", to_string(copy.status));
    xml.element("CopyProgress", fmt::format("{}/{}", copy.copied, copy.total));
    if (copy.completed) xml.element("CopyCompletionTime", base::to_rfc1123(*copy.completed));
    if (!copy.description.empty()) xml.element("CopyStatusDescription", copy.description);
    if (copy.is_incremental) xml.element("IncrementalCopy", "true");
    if (copy.destination_snapshot) {
        xml.element("CopyDestinationSnapshot", base::to_iso8601(*copy.destination_snapshot, 7));
    }
}

void write_protection(codec::XmlWriter& xml, store::Blob const& blob, ListHead const& head) {
    if (head.immutability == ListImmutability::included && blob.immutability) {
        xml.element("ImmutabilityPolicyUntilDate", base::to_rfc1123(blob.immutability->until));
        xml.element("ImmutabilityPolicyMode", to_string(blob.immutability->mode));
    }
    if (head.legal_hold == ListLegalHold::included && blob.has_legal_hold) xml.element("LegalHold", "true");
}

void write_properties(
    codec::XmlWriter& xml, store::Blob const& blob, ListHead const& head, base::TimePoint now
) {
    xml.open("Properties");
    xml.element("Creation-Time", base::to_rfc1123(blob.created));
    xml.element("Last-Modified", base::to_rfc1123(blob.last_modified));
    xml.element("Etag", base::to_etag(blob.etag));
    xml.element("Content-Length", std::to_string(blob.size));
    write_text_or_empty(xml, "Content-Type", blob.content.type);
    write_text_or_empty(xml, "Content-Encoding", blob.content.encoding);
    write_text_or_empty(xml, "Content-Language", blob.content.language);
    xml.empty_element("Content-CRC64");
    write_text_or_empty(xml, "Content-MD5", blob.content.md5 ? base::to_base64(*blob.content.md5) : "");
    write_text_or_empty(xml, "Cache-Control", blob.content.cache_control);
    write_text_or_empty(xml, "Content-Disposition", blob.content.disposition);
    if (blob.kind == store::BlobKind::page) {
        xml.element("x-ms-blob-sequence-number", std::to_string(blob.sequence_number));
    }
    xml.element("BlobType", to_string(blob.kind));
    if (blob.is_sealed) xml.element("Sealed", "true");
    if (blob.kind == store::BlobKind::block) {
        xml.element("AccessTier", blob.tier.value_or("Hot"));
        if (!blob.tier) xml.element("AccessTierInferred", "true");
        if (blob.rehydration) {
            xml.element("ArchiveStatus", archive_status(*blob.rehydration));
            xml.element("RehydratePriority", blob.rehydration->priority);
        }
        if (blob.tier_changed) xml.element("AccessTierChangeTime", base::to_rfc1123(*blob.tier_changed));
    }
    if (blob.stage != store::Stage::snapshot) write_lease(xml, blob.lease, now);
    if (head.copies == ListCopies::included && blob.copy) write_copy(xml, *blob.copy);
    if (blob.deletion) write_deletion(xml, *blob.deletion, now);
    write_protection(xml, blob, head);
    if (blob.accessed) xml.element("LastAccessTime", base::to_rfc1123(*blob.accessed));
    if (blob.expires) xml.element("Expiry-Time", base::to_rfc1123(*blob.expires));
    if (!blob.tags.empty()) xml.element("TagCount", std::to_string(blob.tags.size()));
    xml.element("ServerEncrypted", "true");
    if (!blob.encryption.key_sha256.empty()) {
        xml.element("CustomerProvidedKeySha256", base::to_base64(blob.encryption.key_sha256));
    }
    if (!blob.encryption.scope.empty()) xml.element("EncryptionScope", blob.encryption.scope);
    xml.close();
}

void write_uncommitted(codec::XmlWriter& xml) {
    xml.open("Properties");
    xml.element("Content-Length", "0");
    xml.element("BlobType", "BlockBlob");
    xml.close();
}

// Which of its blob's states an item is.
void write_state(codec::XmlWriter& xml, store::ListedBlob const& item) {
    auto const& blob = item.blob;
    if (blob.deletion) xml.element("Deleted", "true");
    if (blob.stage == store::Stage::snapshot) xml.element("Snapshot", base::to_iso8601(blob.moment, 7));
    if (blob.stage == store::Stage::version) xml.element("VersionId", base::to_iso8601(blob.moment, 7));
    if (blob.stage == store::Stage::current && blob.version) {
        xml.element("VersionId", base::to_iso8601(*blob.version, 7));
        xml.element("IsCurrentVersion", "true");
    }
    if (item.has_only_versions) xml.element("HasVersionsOnly", "true");
}

void write_blob(
    codec::XmlWriter& xml, store::ListedBlob const& item, ListHead const& head, base::TimePoint now
) {
    xml.open("Blob");
    write_name(xml, item.blob.name);
    write_state(xml, item);
    if (item.is_uncommitted) {
        write_uncommitted(xml);
    } else {
        write_properties(xml, item.blob, head, now);
        if (head.metadata == ListMetadata::included) write_metadata(xml, item.blob.metadata);
        if (head.tags == ListTags::included && !item.blob.tags.empty()) write_tags(xml, item.blob.tags);
        xml.empty_element("OrMetadata");
    }
    xml.close();
}

void write_blocks(codec::XmlWriter& xml, std::string_view name, std::vector<store::Block> const& blocks) {
    if (blocks.empty()) {
        xml.empty_element(name);
        return;
    }
    xml.open(name);
    for (auto const& block : blocks) {
        xml.open("Block");
        xml.element("Name", block.id);
        xml.element("Size", std::to_string(block.size));
        xml.close();
    }
    xml.close();
}

}  // namespace

void write_any_text(codec::XmlWriter& xml, std::string_view element, std::string_view text) {
    if (codec::is_xml_text(text)) {
        xml.element(element, text);
    } else {
        xml.element(element, http::percent_encode(text), {{"Encoded", "true"}});
    }
}

std::string container_list(ListHead const& head, cases::ContainerPage const& page, base::TimePoint now) {
    codec::XmlWriter xml;
    xml.open("EnumerationResults", {{"ServiceEndpoint", head.endpoint}});
    write_head(xml, head);
    xml.open("Containers");
    for (auto const& container : page.containers)
        write_container(xml, container, head.metadata, now);
    xml.close();
    write_text_or_empty(xml, "NextMarker", page.next ? to_marker(*page.next) : "");
    xml.close();
    return std::move(xml).finish();
}

std::string blob_list(
    ListHead const& head, std::string_view container, store::BlobList const& page, base::TimePoint now
) {
    codec::XmlWriter xml;
    xml.open("EnumerationResults", {{"ServiceEndpoint", head.endpoint}, {"ContainerName", container}});
    write_head(xml, head);
    xml.open("Blobs");
    for (auto const& item : page.items) {
        if (item.prefix) {
            xml.open("BlobPrefix");
            write_name(xml, *item.prefix);
            xml.close();
        } else {
            write_blob(xml, item, head, now);
        }
    }
    xml.close();
    write_text_or_empty(xml, "NextMarker", page.next ? to_marker(*page.next) : "");
    xml.close();
    return std::move(xml).finish();
}

std::string block_list(cases::BlockLists const& lists, BlockListType type) {
    codec::XmlWriter xml;
    xml.open("BlockList");
    if (type != BlockListType::uncommitted) write_blocks(xml, "CommittedBlocks", lists.committed);
    if (type != BlockListType::committed) write_blocks(xml, "UncommittedBlocks", lists.uncommitted);
    xml.close();
    return std::move(xml).finish();
}

std::string to_marker(std::string_view name) {
    return std::string{kMarkerStart} + base::to_base64(name);
}

std::string to_marker(store::ListPlace const& place) {
    return to_marker(fmt::format("{}:{}", place.moment.time_since_epoch().count(), place.name));
}

azure::StorageResult<std::string> parse_marker(std::string_view marker) {
    if (marker.empty()) return std::string{};
    if (marker.starts_with(kMarkerStart)) {
        if (auto name = base::parse_base64(marker.substr(kMarkerStart.size()))) return *std::move(name);
    }
    return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
}

azure::StorageResult<store::ListPlace> parse_blob_marker(std::string_view marker) {
    auto text = parse_marker(marker);
    if (!text) return text.error();
    if (text->empty()) return store::ListPlace{};
    auto const colon = text->find(':');
    auto const ticks = base::parse_number<std::int64_t>(std::string_view{*text}.substr(0, colon));
    if (!ticks || colon == std::string::npos) {
        return azure::invalid_query_parameter("marker", marker, "It is no marker of this service.");
    }
    return store::ListPlace{text->substr(colon + 1), base::TimePoint{base::Ticks{*ticks}}};
}

}  // namespace bluebatch::emulator::blob::wire
