#include "emulator/blob/wire/lists.hpp"

#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/list_writer.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "shared/base/digest.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <chrono>

namespace bluebatch::emulator::blob::wire {
namespace {

// The account's own URL and what follows it, without a slash at the end.
std::string url_of_container(ListHead const& head, std::string_view container) {
    return head.endpoint + http::percent_encode(container);
}

// By which one state of a blob is read; those of the root container leave the container out.
std::string url_of_blob(ListHead const& head, std::string_view container, store::Blob const& blob) {
    auto url = container == "$root" ? head.endpoint : url_of_container(head, container) + "/";
    url += http::percent_encode(blob.name, http::KeepSlash::yes);
    if (blob.stage == store::Stage::snapshot)
        url += "?snapshot=" + http::percent_encode(base::to_iso8601(blob.moment, 7));
    return url;
}

void write_head(codec::XmlWriter& xml, ListHead const& head) {
    if (!head.prefix.empty()) write_any_text(xml, "Prefix", head.prefix);
    if (!head.marker.empty()) write_any_text(xml, "Marker", head.marker);
    if (head.max_results > 0) xml.element("MaxResults", std::to_string(head.max_results));
    if (!head.delimiter.empty()) write_any_text(xml, "Delimiter", head.delimiter);
}

void write_lease(ListWriter& xml, rules::OptionalLease const& lease, base::TimePoint now) {
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

void write_deletion(ListWriter& xml, store::SoftDeletion const& deletion, base::TimePoint now) {
    xml.time("DeletedTime", deletion.at);
    auto const left = std::chrono::duration_cast<std::chrono::days>(deletion.purge - now).count();
    xml.element("RemainingRetentionDays", std::to_string(left));
}

void write_container(
    ListWriter& xml, cases::ListedContainer const& listed, ListHead const& head, base::TimePoint now
) {
    auto const& container = listed.container;
    xml.any().open("Container");
    xml.element("Name", container.name);
    xml.element("Url", url_of_container(head, container.name));
    if (listed.deleted) {
        xml.element("Deleted", "true");
        xml.element("Version", listed.deleted->version);
    }
    xml.any().open("Properties");
    xml.time("Last-Modified", container.last_modified);
    bool const is_quoted = head.version >= kQuotedTagsVersion;
    xml.element("Etag", is_quoted ? quoted_etag(container.etag) : base::to_etag(container.etag));
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
    xml.any().close();
    if (head.metadata == ListMetadata::included) write_metadata(xml.any(), container.metadata);
    xml.any().close();
}

void write_copy(ListWriter& xml, store::CopyState const& copy) {
    xml.element("CopyId", copy.id);
    xml.element("CopySource", copy.source);
    xml.element("CopyStatus", to_string(copy.status));
    xml.element("CopyProgress", fmt::format("{}/{}", copy.copied, copy.total));
    if (copy.completed) xml.time("CopyCompletionTime", *copy.completed);
    if (!copy.description.empty()) xml.element("CopyStatusDescription", copy.description);
    if (copy.is_incremental) xml.element("IncrementalCopy", "true");
    if (copy.destination_snapshot) {
        xml.element("CopyDestinationSnapshot", base::to_iso8601(*copy.destination_snapshot, 7));
    }
}

void write_protection(ListWriter& xml, store::Blob const& blob, ListHead const& head) {
    if (head.immutability == ListImmutability::included && blob.immutability) {
        xml.time("ImmutabilityPolicyUntilDate", blob.immutability->until);
        xml.element("ImmutabilityPolicyMode", to_string(blob.immutability->mode));
    }
    if (head.legal_hold == ListLegalHold::included && blob.has_legal_hold) xml.element("LegalHold", "true");
}

void write_properties(ListWriter& xml, store::Blob const& blob, ListHead const& head, base::TimePoint now) {
    xml.any().open("Properties");
    xml.time("Creation-Time", blob.created);
    xml.time("Last-Modified", blob.last_modified);
    xml.element("Etag", base::to_etag(blob.etag));
    xml.element("Content-Length", std::to_string(blob.size));
    xml.element_or_empty("Content-Type", blob.content.type);
    xml.element_or_empty("Content-Encoding", blob.content.encoding);
    xml.element_or_empty("Content-Language", blob.content.language);
    xml.element_or_empty("Content-CRC64", {});
    xml.element_or_empty("Content-MD5", blob.content.md5 ? base::to_base64(*blob.content.md5) : "");
    xml.element_or_empty("Cache-Control", blob.content.cache_control);
    xml.element_or_empty("Content-Disposition", blob.content.disposition);
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
        if (blob.tier_changed) xml.time("AccessTierChangeTime", *blob.tier_changed);
    }
    if (blob.stage != store::Stage::snapshot) write_lease(xml, blob.lease, now);
    if (head.copies == ListCopies::included && blob.copy) write_copy(xml, *blob.copy);
    if (blob.deletion) write_deletion(xml, *blob.deletion, now);
    write_protection(xml, blob, head);
    if (blob.accessed) xml.time("LastAccessTime", *blob.accessed);
    if (blob.expires) xml.time("Expiry-Time", *blob.expires);
    if (!blob.tags.empty()) xml.element("TagCount", std::to_string(blob.tags.size()));
    xml.element("ServerEncrypted", "true");
    if (!blob.encryption.key_sha256.empty()) {
        xml.element("CustomerProvidedKeySha256", base::to_base64(blob.encryption.key_sha256));
    }
    if (!blob.encryption.scope.empty()) xml.element("EncryptionScope", blob.encryption.scope);
    xml.any().close();
}

void write_uncommitted(codec::XmlWriter& xml) {
    xml.open("Properties");
    xml.element("Content-Length", "0");
    xml.element("BlobType", "BlockBlob");
    xml.close();
}

// Which of its blob's states an item is.
void write_state(ListWriter& xml, store::ListedBlob const& item) {
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
    ListWriter& xml,
    store::ListedBlob const& item,
    ListHead const& head,
    std::string_view container,
    base::TimePoint now
) {
    xml.any().open("Blob");
    write_any_text(xml.any(), "Name", item.blob.name);
    write_state(xml, item);
    if (xml.has("Url")) xml.element("Url", url_of_blob(head, container, item.blob));
    if (item.is_uncommitted) {
        write_uncommitted(xml.any());
    } else {
        write_properties(xml, item.blob, head, now);
        if (head.metadata == ListMetadata::included) write_metadata(xml.any(), item.blob.metadata);
        bool const shows_tags = head.tags == ListTags::included && xml.has("Tags");
        if (shows_tags && !item.blob.tags.empty()) write_tags(xml.any(), item.blob.tags);
        xml.element_or_empty("OrMetadata", {});
    }
    xml.any().close();
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
    ListWriter xml(ListOf::containers, head.version);
    auto const* const attribute = xml.has("Url") ? "AccountName" : "ServiceEndpoint";
    xml.any().open("EnumerationResults", {{attribute, head.endpoint}});
    write_head(xml.any(), head);
    xml.any().open("Containers");
    for (auto const& container : page.containers)
        write_container(xml, container, head, now);
    xml.any().close();
    xml.element_or_empty("NextMarker", page.next ? to_marker(*page.next) : "");
    xml.any().close();
    return std::move(xml).finish();
}

std::string blob_list(
    ListHead const& head, std::string_view container, store::BlobList const& page, base::TimePoint now
) {
    ListWriter xml(ListOf::blobs, head.version);
    xml.reserve(page.items.size());
    if (xml.has("Url")) {
        xml.any().open("EnumerationResults", {{"ContainerName", url_of_container(head, container)}});
    } else {
        xml.any().open(
            "EnumerationResults", {{"ServiceEndpoint", head.endpoint}, {"ContainerName", container}}
        );
    }
    write_head(xml.any(), head);
    xml.any().open("Blobs");
    for (auto const& item : page.items) {
        if (item.prefix) {
            xml.any().open("BlobPrefix");
            write_any_text(xml.any(), "Name", *item.prefix);
            xml.any().close();
        } else {
            write_blob(xml, item, head, container, now);
        }
    }
    xml.any().close();
    xml.element_or_empty("NextMarker", page.next ? to_marker(*page.next) : "");
    xml.any().close();
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

}  // namespace bluebatch::emulator::blob::wire
