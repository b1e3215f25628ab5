#include "emulator/blob/wire/response_headers.hpp"

#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "shared/base/digest.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::blob::wire {
namespace {

void add_if_given(
    http::Headers& headers, std::string_view name, std::string const& instead, std::string const& value
) {
    auto const& text = instead.empty() ? value : instead;
    if (!text.empty()) headers.set(name, text);
}

void add_copy(http::Headers& headers, store::CopyState const& copy) {
    headers.set("x-ms-copy-id", copy.id);
    headers.set("x-ms-copy-source", copy.source);
    headers.set("x-ms-copy-status", std::string{to_string(copy.status)});
    headers.set("x-ms-copy-progress", fmt::format("{}/{}", copy.copied, copy.total));
    if (copy.completed) headers.set("x-ms-copy-completion-time", base::to_rfc1123(*copy.completed));
    if (!copy.description.empty()) headers.set("x-ms-copy-status-description", copy.description);
    if (copy.is_incremental) headers.set("x-ms-incremental-copy", "true");
    if (copy.destination_snapshot) {
        headers.set("x-ms-copy-destination-snapshot", base::to_iso8601(*copy.destination_snapshot, 7));
    }
}

void add_kind(http::Headers& headers, store::Blob const& blob) {
    headers.set("x-ms-blob-type", std::string{to_string(blob.kind)});
    if (blob.kind == store::BlobKind::page) {
        headers.set("x-ms-blob-sequence-number", std::to_string(blob.sequence_number));
    }
    if (blob.kind == store::BlobKind::append) {
        headers.set("x-ms-blob-committed-block-count", std::to_string(blob.committed_blocks));
        if (blob.is_sealed) headers.set("x-ms-blob-sealed", "true");
    }
}

}  // namespace

std::string quoted_etag(base::TimePoint etag) {
    return '"' + base::to_etag(etag) + '"';
}

std::string_view to_string(store::BlobKind kind) {
    switch (kind) {
        case store::BlobKind::block:
            return "BlockBlob";
        case store::BlobKind::append:
            return "AppendBlob";
        case store::BlobKind::page:
            return "PageBlob";
    }
    return "";
}

std::string_view to_string(store::PublicAccess access) {
    switch (access) {
        case store::PublicAccess::none:
            return "";
        case store::PublicAccess::blob:
            return "blob";
        case store::PublicAccess::container:
            return "container";
    }
    return "";
}

std::string_view to_string(store::CopyStatus status) {
    switch (status) {
        case store::CopyStatus::success:
            return "success";
        case store::CopyStatus::pending:
            return "pending";
        case store::CopyStatus::aborted:
            return "aborted";
        case store::CopyStatus::failed:
            return "failed";
    }
    return "";
}

void add_version(http::Headers& headers, store::Blob const& blob) {
    if (!blob.version) return;
    headers.set("x-ms-version-id", base::to_iso8601(*blob.version, 7));
}

void add_metadata(http::Headers& headers, store::Metadata const& metadata) {
    for (auto const& [name, value] : metadata)
        headers.set("x-ms-meta-" + name, value);
}

void add_lease(http::Headers& headers, rules::OptionalLease const& lease, base::TimePoint now) {
    auto const state = rules::state_of(lease, now);
    headers.set("x-ms-lease-status", rules::is_held(lease, now) ? "locked" : "unlocked");
    headers.set("x-ms-lease-state", std::string{rules::to_string(state)});
    if (state == rules::LeaseState::leased) {
        headers.set("x-ms-lease-duration", lease->seconds ? "fixed" : "infinite");
    }
}

void add_protection(http::Headers& headers, store::Blob const& blob) {
    if (blob.immutability) {
        headers.set("x-ms-immutability-policy-until-date", base::to_rfc1123(blob.immutability->until));
        headers.set("x-ms-immutability-policy-mode", std::string{to_string(blob.immutability->mode)});
    }
    if (blob.has_legal_hold) headers.set("x-ms-legal-hold", "true");
}

void add_container(http::Headers& headers, store::Container const& container, base::TimePoint now) {
    add_state(headers, container);
    add_metadata(headers, container.metadata);
    add_lease(headers, container.lease, now);
    if (container.public_access != store::PublicAccess::none) {
        headers.set("x-ms-blob-public-access", std::string{to_string(container.public_access)});
    }
    headers.set("x-ms-has-immutability-policy", "false");
    headers.set("x-ms-has-legal-hold", "false");
    headers.set(
        "x-ms-immutable-storage-with-versioning-enabled", container.has_immutable_versions ? "true" : "false"
    );
    auto const& scope = container.default_encryption_scope;
    headers.set("x-ms-default-encryption-scope", scope.empty() ? "$account-encryption-key" : scope);
    headers.set("x-ms-deny-encryption-scope-override", container.denies_scope_override ? "true" : "false");
}

void add_blob(
    http::Headers& headers, store::Blob const& blob, Overrides const& overrides, base::TimePoint now
) {
    add_state(headers, blob);
    add_metadata(headers, blob.metadata);
    add_if_given(headers, "Content-Type", overrides.content_type, blob.content.type);
    add_if_given(headers, "Content-Encoding", overrides.content_encoding, blob.content.encoding);
    add_if_given(headers, "Content-Language", overrides.content_language, blob.content.language);
    add_if_given(headers, "Content-Disposition", overrides.content_disposition, blob.content.disposition);
    add_if_given(headers, "Cache-Control", overrides.cache_control, blob.content.cache_control);
    headers.set("Accept-Ranges", "bytes");
    headers.set("x-ms-creation-time", base::to_rfc1123(blob.created));
    add_kind(headers, blob);
    headers.set("x-ms-server-encrypted", "true");
    add_encryption(headers, blob.encryption);
    add_lease(headers, blob.lease, now);
    add_version(headers, blob);
    if (blob.version && blob.stage == store::Stage::current) headers.set("x-ms-is-current-version", "true");
    if (blob.copy) add_copy(headers, *blob.copy);
    add_protection(headers, blob);
    if (blob.accessed) headers.set("x-ms-last-access-time", base::to_rfc1123(*blob.accessed));
    if (blob.expires) headers.set("x-ms-expiry-time", base::to_rfc1123(*blob.expires));
    if (!blob.tags.empty()) headers.set("x-ms-tag-count", std::to_string(blob.tags.size()));
}

void add_tier(http::Headers& headers, store::Blob const& blob) {
    if (blob.kind != store::BlobKind::block) return;
    headers.set("x-ms-access-tier", blob.tier.value_or("Hot"));
    if (!blob.tier) headers.set("x-ms-access-tier-inferred", "true");
    if (blob.rehydration) {
        headers.set("x-ms-archive-status", archive_status(*blob.rehydration));
        headers.set("x-ms-rehydrate-priority", blob.rehydration->priority);
    }
    if (blob.tier_changed) {
        headers.set("x-ms-access-tier-change-time", base::to_rfc1123(*blob.tier_changed));
    }
}

}  // namespace bluebatch::emulator::blob::wire
