#include "client/api/blob_client.hpp"
#include "client/api/etag.hpp"
#include "shared/azure/blob_names.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace bluebatch::client {
namespace {

std::string text_of(codec::XmlElement const* element, std::string_view name) {
    auto const* const child = element ? element->find(name) : nullptr;
    return child ? child->text : std::string{};
}

std::string name_of(codec::XmlElement const& element) {
    auto const* const name = element.find("Name");
    return name ? azure::decoded_name(*name) : std::string{};
}

ContainerItem read_container(codec::XmlElement const& element) {
    auto const* const properties = element.find("Properties");
    ContainerItem item;
    item.name = name_of(element);
    item.last_modified = base::parse_rfc1123(text_of(properties, "Last-Modified"));
    item.etag = read_etag(text_of(properties, "Etag"));
    item.lease_state = text_of(properties, "LeaseState");
    item.public_access = text_of(properties, "PublicAccess");
    return item;
}

BlobItem read_blob(codec::XmlElement const& element) {
    auto const* const properties = element.find("Properties");
    BlobItem item;
    item.name = name_of(element);
    item.is_prefix = element.name == "BlobPrefix";
    item.size = base::parse_number<std::uint64_t>(text_of(properties, "Content-Length")).value_or(0);
    item.content_type = text_of(properties, "Content-Type");
    item.content_md5 = text_of(properties, "Content-MD5");
    item.last_modified = base::parse_rfc1123(text_of(properties, "Last-Modified"));
    item.etag = read_etag(text_of(properties, "Etag"));
    item.blob_type = text_of(properties, "BlobType");
    item.access_tier = text_of(properties, "AccessTier");
    return item;
}

std::string with_prefix(std::string url, std::string_view prefix) {
    return prefix.empty() ? url : url + "&prefix=" + http::percent_encode(prefix);
}

}  // namespace

ApiResult<void> BlobClient::for_each_page(
    std::string const& url, std::function<bool(codec::XmlElement const& root)> const& take
) const {
    for (std::string marker;;) {
        auto const page = marker.empty() ? url : url + "&marker=" + http::percent_encode(marker);
        auto const reply = pipeline_->send(make_call(http::Verb::get, page), options_);
        if (!reply) return reply.error();
        auto const root = codec::parse_xml(reply->response.body);
        if (!root || !take(*root)) {
            return make_protocol_error("The Blob service answered a list with something else.");
        }
        auto next = text_of(&*root, "NextMarker");
        if (next.empty()) return {};
        if (next == marker) return make_protocol_error("A list of the Blob service does not end.");
        marker = std::move(next);
    }
}

ApiResult<std::vector<ContainerItem>> BlobClient::list_containers(std::string_view prefix) const {
    std::vector<ContainerItem> items;
    auto const listed = for_each_page(
        with_prefix(endpoint_ + "/?comp=list", prefix),
        [&items](codec::XmlElement const& root) {
            auto const* const containers = root.find("Containers");
            if (!containers) return false;
            for (auto const& child : containers->children)
                items.push_back(read_container(child));
            return true;
        }
    );
    if (!listed) return listed.error();
    return items;
}

ApiResult<std::vector<BlobItem>> BlobClient::list_blobs(
    std::string_view container, std::string_view prefix, Depth depth
) const {
    std::vector<BlobItem> items;
    auto url = with_prefix(container_url(container) + "?restype=container&comp=list", prefix);
    if (depth == Depth::one_level) url += "&delimiter=%2F";
    auto const listed = for_each_page(url, [&items](codec::XmlElement const& root) {
        auto const* const blobs = root.find("Blobs");
        if (!blobs) return false;
        for (auto const& child : blobs->children)
            items.push_back(read_blob(child));
        return true;
    });
    if (!listed) return listed.error();
    return items;
}

}  // namespace bluebatch::client
