#include "client/api/blob_client.hpp"

#include "shared/azure/blob_names.hpp"
#include "shared/codec/xml.hpp"

#include <fmt/format.h>

#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kServiceVersion = "2021-12-02";
constexpr std::string_view kRunHeader = "x-ms-meta-bluebatchrun";

}  // namespace

BlobClient::BlobClient(Pipeline const& pipeline, std::string endpoint, CallOptions options)
    : pipeline_(&pipeline), endpoint_(std::move(endpoint)), options_(std::move(options)) {
    while (endpoint_.ends_with('/'))
        endpoint_.pop_back();
}

std::string BlobClient::container_url(std::string_view container) const {
    return fmt::format("{}/{}", endpoint_, http::percent_encode(container));
}

std::string BlobClient::blob_url(std::string_view container, std::string_view blob) const {
    return fmt::format("{}/{}", container_url(container), http::percent_encode(blob, http::KeepSlash::yes));
}

Call BlobClient::make_call(http::Verb verb, std::string url) const {
    Call call;
    call.request.verb = verb;
    call.request.url = std::move(url);
    call.request.headers.set("x-ms-version", std::string(kServiceVersion));
    return call;
}

ApiResult<Created> BlobClient::create_container(std::string_view container, std::string_view run) const {
    auto call = make_call(http::Verb::put, container_url(container) + "?restype=container");
    call.request.headers.set(kRunHeader, std::string(run));
    auto const reply = pipeline_->send(call, options_);
    if (reply) return Created::now;
    auto const& error = reply.error();
    if (!has_code(error, "ContainerAlreadyExists")) return error;
    if (!error.maybe_done) return Created::before;
    auto const ours = is_container_of(container, run);
    if (!ours) return ours.error();
    return *ours ? Created::now : Created::before;
}

ApiResult<void> BlobClient::delete_container(std::string_view container) const {
    auto const url = container_url(container) + "?restype=container";
    auto const reply = pipeline_->send(make_call(http::Verb::remove, url), options_);
    if (reply || has_status(reply.error(), 404) || has_code(reply.error(), "ContainerBeingDeleted"))
        return {};
    return reply.error();
}

ApiResult<bool> BlobClient::is_container_of(std::string_view container, std::string_view run) const {
    auto const url = container_url(container) + "?restype=container";
    auto const reply = pipeline_->send(make_call(http::Verb::get, url), options_);
    if (reply) return reply->response.headers.get(kRunHeader) == run;
    if (has_status(reply.error(), 404)) return false;
    return reply.error();
}

ApiResult<bool> BlobClient::has_blobs_outside(std::string_view container, std::string_view folder) const {
    auto const url = container_url(container) + "?restype=container&comp=list&include=uncommittedblobs";
    for (std::string marker;;) {
        auto const page = marker.empty() ? url : url + "&marker=" + http::percent_encode(marker);
        auto const reply = pipeline_->send(make_call(http::Verb::get, page), options_);
        if (!reply && has_status(reply.error(), 404)) return false;
        if (!reply) return reply.error();
        auto const root = codec::parse_xml(reply->response.body);
        auto const* const blobs = root ? root->find("Blobs") : nullptr;
        // What can't be read is no proof that the container is free.
        if (blobs == nullptr) return true;
        for (auto const& blob : blobs->children) {
            auto const* const name = blob.find("Name");
            if (name == nullptr || !azure::decoded_name(*name).starts_with(folder)) return true;
        }
        auto const* const next = root->find("NextMarker");
        if (next == nullptr || next->text.empty()) return false;
        marker = next->text;
    }
}

ApiResult<void> BlobClient::put_blob(
    std::string_view container, std::string_view blob, http::FileSlice content, BlobHeaders const& headers
) const {
    auto call = make_call(http::Verb::put, blob_url(container, blob));
    call.request.headers.set("x-ms-blob-type", "BlockBlob");
    call.request.headers.set("Content-Type", headers.content_type);
    // The service checks what it was sent against this, and keeps it.
    if (!headers.content_md5.empty()) call.request.headers.set("Content-MD5", headers.content_md5);
    call.request.body = std::move(content);
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    return {};
}

ApiResult<void> BlobClient::put_block(
    std::string_view container, std::string_view blob, BlockName const& name, http::FileSlice content
) const {
    auto const url =
        fmt::format("{}?comp=block&blockid={}", blob_url(container, blob), http::percent_encode(name.id));
    auto call = make_call(http::Verb::put, url);
    call.request.headers.set("Content-Type", "application/octet-stream");
    call.request.headers.set("Content-MD5", name.md5);
    call.request.body = std::move(content);
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    return {};
}

ApiResult<void> BlobClient::put_block_list(
    std::string_view container,
    std::string_view blob,
    std::span<std::string const> block_ids,
    BlobHeaders const& headers
) const {
    codec::XmlWriter xml;
    xml.open("BlockList");
    for (auto const& id : block_ids)
        xml.element("Latest", id);
    xml.close();
    auto call = make_call(http::Verb::put, blob_url(container, blob) + "?comp=blocklist");
    call.request.headers.set("Content-Type", "application/xml");
    call.request.headers.set("x-ms-blob-content-type", headers.content_type);
    if (!headers.content_md5.empty()) {
        call.request.headers.set("x-ms-blob-content-md5", headers.content_md5);
    }
    call.request.body = std::move(xml).finish();
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    return {};
}

ApiResult<void> BlobClient::delete_blob(std::string_view container, std::string_view blob) const {
    auto const reply = pipeline_->send(make_call(http::Verb::remove, blob_url(container, blob)), options_);
    if (reply || has_status(reply.error(), 404)) return {};
    return reply.error();
}

ApiResult<std::string> BlobClient::get_user_delegation_key(base::TimePoint start, base::TimePoint expiry)
    const {
    codec::XmlWriter xml;
    xml.open("KeyInfo");
    xml.element("Start", base::to_iso8601(start, 0));
    xml.element("Expiry", base::to_iso8601(expiry, 0));
    xml.close();
    auto call = make_call(http::Verb::post, endpoint_ + "/?restype=service&comp=userdelegationkey");
    call.request.headers.set("Content-Type", "application/xml");
    call.request.body = std::move(xml).finish();
    auto reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    return std::move(reply->response.body);
}

}  // namespace bluebatch::client
