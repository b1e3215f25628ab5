#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/cases/containers.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/lists.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::routes {
namespace {

constexpr std::array<std::string_view, 11> kBlobIncludes{
    "metadata",
    "uncommittedblobs",
    "copy",
    "snapshots",
    "deleted",
    "tags",
    "versions",
    "deletedwithversions",
    "immutabilitypolicy",
    "legalhold",
    "permissions"};
constexpr std::array<std::string_view, 3> kContainerIncludes{"metadata", "deleted", "system"};

azure::StorageResult<std::vector<std::string>> read_includes(
    http::RequestHead const& head, std::span<std::string_view const> allowed
) {
    std::vector<std::string> includes;
    auto const text = head.find_query("include").value_or("");
    if (text.empty()) return includes;
    for (auto const part : base::split(text, ',')) {
        auto word = base::to_lower(base::trim(part));
        if (std::ranges::find(allowed, word) == allowed.end()) {
            return azure::invalid_query_parameter("include", text, "Invalid query parameter value.");
        }
        includes.push_back(std::move(word));
    }
    return includes;
}

bool contains(std::vector<std::string> const& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

azure::StorageResult<wire::ListHead> read_list_head(Call const& call) {
    auto const max_results = read_max_results(call.request);
    if (!max_results) return max_results.error();
    wire::ListHead head;
    head.version = call.version;
    head.endpoint = call.target.endpoint;
    head.prefix = call.request.find_query("prefix").value_or("");
    head.delimiter = call.request.find_query("delimiter").value_or("");
    head.marker = call.request.find_query("marker").value_or("");
    head.max_results = *max_results;
    return head;
}

// Before that, a list that would show one is a conflict.
constexpr std::string_view kFirstWithAppendBlobs = "2015-02-21";

bool has_append_blob(store::BlobList const& page) {
    return std::ranges::any_of(page.items, [](store::ListedBlob const& item) {
        return !item.prefix && !item.is_uncommitted && item.blob.kind == store::BlobKind::append;
    });
}

std::size_t limit_of(wire::ListHead const& head) {
    return head.max_results == 0 ? kMaxResults : head.max_results;
}

}  // namespace

Answer list_containers(Call& call) {
    auto head = read_list_head(call);
    if (!head) return head.error();
    auto const includes = read_includes(call.request, kContainerIncludes);
    if (!includes) return includes.error();
    auto const from = wire::parse_marker(head->marker);
    if (!from) return from.error();
    if (contains(*includes, "metadata")) head->metadata = wire::ListMetadata::included;
    auto const deleted = contains(*includes, "deleted") ? cases::DeletedContainers::included
                                                        : cases::DeletedContainers::left_out;
    auto const page = cases::list_containers(
        call.context, call.address().account, head->prefix, *from, limit_of(*head), deleted
    );
    return xml_response(wire::container_list(*head, page, call.context.clock.now()));
}

Answer list_blobs(Call& call) {
    auto head = read_list_head(call);
    if (!head) return head.error();
    auto const includes = read_includes(call.request, kBlobIncludes);
    if (!includes) return includes.error();
    auto from = wire::parse_blob_marker(head->marker);
    if (!from) return from.error();
    // Inclusive; a marker is always beyond it.
    if (head->marker.empty()) from->name = call.request.find_query("startFrom").value_or("");
    if (contains(*includes, "metadata")) head->metadata = wire::ListMetadata::included;
    if (contains(*includes, "copy")) head->copies = wire::ListCopies::included;
    if (contains(*includes, "immutabilitypolicy")) head->immutability = wire::ListImmutability::included;
    if (contains(*includes, "legalhold")) head->legal_hold = wire::ListLegalHold::included;
    if (contains(*includes, "tags")) {
        if (!call.grant.allows('t')) return azure::StorageErrorCode::authorization_permission_mismatch;
        head->tags = wire::ListTags::included;
    }
    bool const wants_deleted_versions = contains(*includes, "deletedwithversions");
    auto const page = cases::list_blobs(
        call.context,
        call.address(),
        {.prefix = head->prefix,
         .delimiter = head->delimiter,
         .from = *std::move(from),
         .limit = limit_of(*head),
         .with_uncommitted = contains(*includes, "uncommittedblobs"),
         .with_snapshots = contains(*includes, "snapshots"),
         .with_versions = contains(*includes, "versions") || wants_deleted_versions,
         .with_deleted = contains(*includes, "deleted") || wants_deleted_versions}
    );
    if (!page) return page.error();
    if (call.version < kFirstWithAppendBlobs && has_append_blob(*page)) {
        return azure::StorageErrorCode::feature_version_mismatch;
    }
    return xml_response(wire::blob_list(*head, call.address().container, *page, call.context.clock.now()));
}

}  // namespace bluebatch::emulator::blob::routes
