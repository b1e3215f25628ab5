#include "client/api/blob_client.hpp"
#include "client/api/etag.hpp"
#include "client/api/range.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kMetadataPrefix = "x-ms-meta-";

Metadata read_metadata(http::Headers const& headers) {
    Metadata metadata;
    for (auto const& [name, value] : headers) {
        if (!base::starts_with_ignoring_case(name, kMetadataPrefix)) continue;
        metadata.emplace_back(name.substr(kMetadataPrefix.size()), value);
    }
    return metadata;
}

}  // namespace

ApiResult<void> BlobClient::add_container(std::string_view container, std::string_view public_access) const {
    auto call = make_call(http::Verb::put, container_url(container) + "?restype=container");
    if (!public_access.empty()) {
        call.request.headers.set("x-ms-blob-public-access", std::string(public_access));
    }
    auto const reply = pipeline_->send(call, options_);
    if (!reply && !(has_code(reply.error(), "ContainerAlreadyExists") && reply.error().maybe_done)) {
        return reply.error();
    }
    return {};
}

ApiResult<ContainerProperties> BlobClient::container_properties(std::string_view container) const {
    auto const url = container_url(container) + "?restype=container";
    auto const reply = pipeline_->send(make_call(http::Verb::head, url), options_);
    if (!reply) return reply.error();
    auto const& headers = reply->response.headers;
    ContainerProperties found;
    found.item.name = container;
    found.item.last_modified = base::parse_rfc1123(headers.get("Last-Modified"));
    found.item.etag = read_etag(headers.get("ETag"));
    found.item.lease_state = headers.get("x-ms-lease-state");
    found.item.public_access = headers.get("x-ms-blob-public-access");
    found.metadata = read_metadata(headers);
    return found;
}

ApiResult<BlobProperties> BlobClient::blob_properties(std::string_view container, std::string_view blob)
    const {
    auto const reply = pipeline_->send(make_call(http::Verb::head, blob_url(container, blob)), options_);
    if (!reply) return reply.error();
    auto const& headers = reply->response.headers;
    BlobProperties found;
    auto& item = found.item;
    item.name = blob;
    item.size = base::parse_number<std::uint64_t>(headers.get("Content-Length")).value_or(0);
    item.content_type = headers.get("Content-Type");
    item.content_md5 = headers.get("Content-MD5");
    item.last_modified = base::parse_rfc1123(headers.get("Last-Modified"));
    item.etag = read_etag(headers.get("ETag"));
    item.blob_type = headers.get("x-ms-blob-type");
    item.access_tier = headers.get("x-ms-access-tier");
    found.created = headers.get("x-ms-creation-time");
    found.lease_state = headers.get("x-ms-lease-state");
    found.copy_status = headers.get("x-ms-copy-status");
    found.metadata = read_metadata(headers);
    return found;
}

ApiResult<std::string> BlobClient::read_range(
    std::string_view container, std::string_view blob, std::uint64_t offset, std::uint64_t length
) const {
    if (length == 0) return std::string();
    auto call = make_call(http::Verb::get, blob_url(container, blob));
    call.request.headers.set("x-ms-range", fmt::format("bytes={}-{}", offset, offset + length - 1));
    return fetch_range(*pipeline_, std::move(call), options_, length, blob);
}

ApiResult<std::string> BlobClient::start_copy(
    std::string_view source_url, std::string_view container, std::string_view blob
) const {
    auto call = make_call(http::Verb::put, blob_url(container, blob));
    call.request.headers.set("x-ms-copy-source", std::string(source_url));
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    return std::string(reply->response.headers.get("x-ms-copy-status"));
}

ApiResult<void> BlobClient::remove_blob(std::string_view container, std::string_view blob) const {
    auto call = make_call(http::Verb::remove, blob_url(container, blob));
    call.request.headers.set("x-ms-delete-snapshots", "include");
    auto const reply = pipeline_->send(call, options_);
    if (reply || (has_status(reply.error(), 404) && reply.error().maybe_done)) return {};
    return reply.error();
}

}  // namespace bluebatch::client
