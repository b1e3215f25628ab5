#include "emulator/node/blob_transfers.hpp"

#include "shared/azure/blob_names.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/file_io.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/file_io.hpp"
#include "shared/http/local_client.hpp"
#include "shared/http/url.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

constexpr char const* kStorageVersion = "2021-12-02";
constexpr int kMostRedirects = 10;
constexpr int kPauseGrowth = 4;
constexpr std::size_t kLargestPage = std::size_t{64} << 20;    // of a list; a page has 5,000 blobs at most
constexpr std::uint64_t kCopyPiece = std::uint64_t{64} << 20;  // between two looks at the stop request

TransferError local_error(int error, std::string_view doing) {
    bool const full = error == ENOSPC || error == EDQUOT;
    auto const text = std::generic_category().message(error);
    return {full ? TransferFault::disk_full : TransferFault::local_file, fmt::format("{}: {}", doing, text)};
}

TransferError cancelled() {
    return {TransferFault::cancelled, "cancelled"};
}

TransferError transport_error(http::TransportError const& error) {
    switch (error.fault) {
        case http::TransportFault::cancelled:
            return cancelled();
        case http::TransportFault::timed_out:
            return {TransferFault::timed_out, error.message};
        default:
            return {TransferFault::other, error.message};
    }
}

bool passes(http::TransportError const& error) {
    return error.fault != http::TransportFault::cancelled && error.fault != http::TransportFault::bad_url;
}
bool passes(int status) {
    return status == 408 || status == 429 || status >= 500;
}

TransferFault fault_of(int status, std::string_view code) {
    switch (status) {
        case 401:
        case 403:
            return TransferFault::access_denied;
        case 404:
            return code == "ContainerNotFound" ? TransferFault::container_not_found
                                               : TransferFault::not_found;
        case 409:
            return code == "PublicAccessNotPermitted" ? TransferFault::access_denied
                                                      : TransferFault::conflict;
        case 412:
            return TransferFault::conflict;
        case 408:
        case 504:
            return TransferFault::timed_out;
        default:
            return TransferFault::other;
    }
}

TransferError status_error(std::string const& url, int status, http::Headers const& headers) {
    std::string_view const code = headers.get("x-ms-error-code");
    return {
        fault_of(status, code),
        fmt::format("{}: HTTP status {}{}{}", without_query(url), status, code.empty() ? "" : " ", code),
    };
}

std::string_view as_text(std::span<std::byte const> bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

http::Headers storage_headers() {
    return {{"x-ms-version", kStorageVersion}};
}

// Waits unless a stop is requested meanwhile.
void pause(std::chrono::milliseconds time, std::stop_token const& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, time, [] { return false; });
}

std::string with_query(std::string const& url, std::string const& query) {
    return url + (url.find('?') == std::string::npos ? '?' : '&') + query;
}

// Users put URLs together by hand and leave blanks and letters beyond ASCII as they are. Batch reads URLs
// with .NET's Uri, which encodes them, so these URLs work there.
std::string with_escapes(std::string_view url) {
    std::string escaped;
    for (char const byte : url) {
        bool const is_plain = byte > ' ' && byte < '\x7f';
        if (is_plain)
            escaped += byte;
        else
            escaped += http::percent_encode(std::string_view(&byte, 1));
    }
    return escaped;
}

// Where a redirection leads: an absolute URL, or a path on the same host.
std::optional<std::string> redirection(std::string const& url, http::IncomingResponse const& response) {
    bool const redirects = response.status >= 301 && response.status <= 308 && response.status != 304;
    std::string const location(response.headers.get("Location"));
    if (!redirects || location.empty()) return std::nullopt;
    if (http::parse_url(location)) return location;
    auto const from = http::parse_url(url);
    if (!from || !location.starts_with('/') || location.starts_with("//")) return std::nullopt;
    return fmt::format(
        "{}://{}{}", from->scheme == http::Scheme::https ? "https" : "http", from->authority, location
    );
}

TransferResult<void> empty_file(int target) {
    if (::ftruncate(target, 0) != 0 || ::lseek(target, 0, SEEK_SET) != 0)
        return local_error(errno, "emptying a file");
    return {};
}

std::string block_list(std::vector<std::string> const& ids) {
    codec::XmlWriter xml;
    xml.open("BlockList");
    for (std::string const& id : ids)
        xml.element("Latest", id);
    xml.close();
    return std::move(xml).finish();
}

}  // namespace

void throw_exception_from_error(TransferError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + error.message);
}

std::string without_query(std::string const& url) {
    return url.substr(0, url.find('?'));
}

std::string blob_url(std::string const& container_url, std::string const& blob_name) {
    std::size_t const query = container_url.find('?');
    std::string url = container_url.substr(0, query);
    while (url.ends_with('/'))
        url.pop_back();
    url += '/' + http::percent_encode(blob_name, http::KeepSlash::yes);
    if (query != std::string::npos) url += container_url.substr(query);
    return url;
}

BlobTransfers::BlobTransfers(
    http::Service* own_service, BlobEndpoint endpoint, http::Client& network, TransferOptions options
)
    : own_service_(own_service),
      own_client_(own_service == nullptr ? nullptr : http::make_local_client(*own_service)),
      endpoint_(std::move(endpoint)),
      network_(network),
      options_(options) {}

bool BlobTransfers::is_ours(std::string const& url) const {
    return own_service_ != nullptr && is_own(endpoint_, url);
}

TransferResult<http::IncomingResponse> BlobTransfers::exchange(
    http::OutgoingRequest const& request, BodyTarget const& body, std::stop_token const& stop
) {
    http::Client& client = is_ours(request.url) ? *own_client_ : network_;
    auto pause_time = options_.first_pause;
    for (int attempt = 1;; ++attempt) {
        auto response = client.send(request, body.take, stop);
        if (stop.stop_requested()) return cancelled();
        bool const passing = response ? passes(response->status) : passes(response.error());
        if (!passing || attempt >= options_.attempts) {
            if (!response) return transport_error(response.error());
            return std::move(*response);
        }
        pause(pause_time, stop);
        pause_time *= kPauseGrowth;
        // What an interrupted attempt has brought goes.
        if (body.restart) body.restart();
    }
}

TransferResult<void> BlobTransfers::download(std::string const& given, int target, std::stop_token stop) {
    std::string const url = with_escapes(given);
    if (stop.stop_requested()) return cancelled();
    if (auto const emptied = empty_file(target); !emptied) return emptied.error();
    return is_ours(url) ? download_own(url, target, stop) : download_foreign(url, target, stop);
}

TransferResult<void> BlobTransfers::download_own(
    std::string const& url, int target, std::stop_token const& stop
) {
    http::OutgoingRequest request;
    request.url = url;
    request.headers = storage_headers();
    http::Response const response = http::ask(*own_service_, request);
    if (response.status != 200) return status_error(url, response.status, response.headers);
    try {
        base::write_all(target, response.text);
        for (http::FileSlice slice : response.slices) {
            while (slice.length > 0) {
                if (stop.stop_requested()) return cancelled();
                std::uint64_t const piece = std::min(slice.length, kCopyPiece);
                http::copy_all({slice.file, slice.offset, piece}, target);
                slice.offset += piece;
                slice.length -= piece;
            }
        }
    } catch (std::system_error const& error) {
        return local_error(error.code().value(), "writing a file");
    }
    return {};
}

TransferResult<void> BlobTransfers::download_foreign(
    std::string url, int target, std::stop_token const& stop
) {
    std::optional<TransferError> local_failure;
    BodyTarget body;
    body.take = [&](std::span<std::byte const> bytes) {
        if (local_failure) return false;
        try {
            base::write_all(target, as_text(bytes));
        } catch (std::system_error const& error) {
            local_failure = local_error(error.code().value(), "writing a file");
        }
        return !local_failure;
    };
    body.restart = [&] {
        if (auto const emptied = empty_file(target); !emptied) local_failure = emptied.error();
    };
    for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
        http::OutgoingRequest request;
        request.url = url;
        auto const response = exchange(request, body, stop);
        if (local_failure) return *local_failure;
        if (!response) return response.error();
        if (response->status >= 200 && response->status < 300) return {};
        auto const next = redirection(url, *response);
        if (!next) return status_error(url, response->status, response->headers);
        url = *next;
    }
    return TransferError{TransferFault::other, without_query(url) + ": too many redirections"};
}

TransferResult<std::string> BlobTransfers::list_page(std::string const& url, std::stop_token const& stop) {
    http::OutgoingRequest request;
    request.url = url;
    request.headers = storage_headers();
    std::string page;
    BodyTarget body;
    body.take = [&](std::span<std::byte const> bytes) {
        page += as_text(bytes);
        return page.size() <= kLargestPage;
    };
    body.restart = [&] { page.clear(); };
    auto const response = exchange(request, body, stop);
    if (!response) return response.error();
    if (response->status != 200) return status_error(url, response->status, response->headers);
    return page;
}

TransferResult<std::vector<std::string>> BlobTransfers::list(
    std::string const& container_url, std::string const& prefix, std::stop_token stop
) {
    std::string first = with_query(with_escapes(container_url), "restype=container&comp=list");
    if (!prefix.empty()) first += "&prefix=" + http::percent_encode(prefix);
    std::vector<std::string> names;
    std::string marker;
    do {
        std::string const from = marker.empty() ? "" : "&marker=" + http::percent_encode(marker);
        auto const page = list_page(first + from, stop);
        if (!page) return page.error();
        auto const root = codec::parse_xml(*page);
        codec::XmlElement const* const blobs = root ? root->find("Blobs") : nullptr;
        if (blobs == nullptr) return TransferError{TransferFault::other, "the list of blobs is malformed"};
        for (codec::XmlElement const& blob : blobs->children) {
            codec::XmlElement const* const name = blob.find("Name");
            if (name != nullptr) names.push_back(azure::decoded_name(*name));
        }
        codec::XmlElement const* const next = root->find("NextMarker");
        marker = next == nullptr ? "" : next->text;
    } while (!marker.empty());
    return names;
}

TransferResult<void> BlobTransfers::put(http::OutgoingRequest request, std::stop_token const& stop) {
    request.verb = http::Verb::put;
    request.headers.set("x-ms-version", kStorageVersion);
    auto const response = exchange(request, {}, stop);
    if (!response) return response.error();
    if (response->status != 201) return status_error(request.url, response->status, response->headers);
    return {};
}

TransferResult<void> BlobTransfers::upload(
    std::string const& given, http::FileSlice content, http::Headers headers, std::stop_token stop
) {
    std::string const url = with_escapes(given);
    if (stop.stop_requested()) return cancelled();
    std::uint64_t const in_one_piece =
        is_ours(url) ? options_.largest_single_upload : options_.largest_foreign_upload;
    if (content.length > in_one_piece) return upload_blocks(url, content, std::move(headers), stop);
    http::OutgoingRequest request;
    request.url = url;
    request.headers = std::move(headers);
    request.headers.set("x-ms-blob-type", "BlockBlob");
    request.body = std::move(content);
    return put(std::move(request), stop);
}

TransferResult<void> BlobTransfers::upload_blocks(
    std::string const& url, http::FileSlice const& content, http::Headers headers, std::stop_token const& stop
) {
    std::vector<std::string> ids;
    for (std::uint64_t done = 0; done < content.length; done += options_.block) {
        ids.push_back(base::to_base64(fmt::format("{:08}", ids.size())));
        http::OutgoingRequest request;
        request.url = with_query(url, "comp=block&blockid=" + http::percent_encode(ids.back()));
        std::uint64_t const length = std::min(options_.block, content.length - done);
        request.body = http::FileSlice{content.file, content.offset + done, length};
        if (auto const sent = put(std::move(request), stop); !sent) return sent.error();
    }
    // The body of this request is a list; the blob's own type has another header.
    if (auto const type = headers.find("Content-Type")) {
        headers.set("x-ms-blob-content-type", std::string(*type));
        headers.erase("Content-Type");
    }
    http::OutgoingRequest request;
    request.url = with_query(url, "comp=blocklist");
    request.headers = std::move(headers);
    request.body = block_list(ids);
    return put(std::move(request), stop);
}

}  // namespace bluebatch::emulator::node
