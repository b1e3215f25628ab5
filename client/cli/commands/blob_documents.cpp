#include "client/cli/commands/blob_documents.hpp"

#include <nlohmann/json.hpp>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

Json time_member(std::optional<base::TimePoint> time) {
    return time ? Json(base::to_iso8601(*time, 0)) : Json(nullptr);
}

Json metadata_member(client::Metadata const& metadata) {
    auto json = Json::object();
    for (auto const& [name, value] : metadata)
        json[name] = value;
    return json;
}

}  // namespace

Json to_document(client::ContainerItem const& container) {
    return {
        {"name", container.name},
        {"lastModified", time_member(container.last_modified)},
        {"etag", container.etag},
        {"leaseState", container.lease_state},
        {"publicAccess", container.public_access},
    };
}

Json to_document(client::ContainerProperties const& container) {
    auto json = to_document(container.item);
    json["metadata"] = metadata_member(container.metadata);
    return json;
}

Json to_document(client::BlobItem const& blob) {
    if (blob.is_prefix) return {{"name", blob.name}, {"isPrefix", true}};
    return {
        {"name", blob.name},
        {"isPrefix", false},
        {"size", blob.size},
        {"contentType", blob.content_type},
        {"contentMd5", blob.content_md5},
        {"lastModified", time_member(blob.last_modified)},
        {"etag", blob.etag},
        {"blobType", blob.blob_type},
        {"accessTier", blob.access_tier},
    };
}

Json to_document(client::BlobProperties const& blob) {
    auto json = to_document(blob.item);
    json["leaseState"] = blob.lease_state;
    json["copyStatus"] = blob.copy_status;
    json["metadata"] = metadata_member(blob.metadata);
    return json;
}

}  // namespace bluebatch::cli
