#include "client/api/blob_client.hpp"
#include "client/api/etag.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

struct ContentRange {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;  // of the whole
};

// "bytes 0-99/1234"
std::optional<ContentRange> read_content_range(std::string_view text) {
    constexpr std::string_view kUnit = "bytes ";
    if (!text.starts_with(kUnit)) return std::nullopt;
    text.remove_prefix(kUnit.size());
    auto const dash = text.find('-'), slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos) return std::nullopt;
    auto const begin = base::parse_number<std::uint64_t>(text.substr(0, dash));
    auto const size = base::parse_number<std::uint64_t>(text.substr(slash + 1));
    if (!begin || !size) return std::nullopt;
    return ContentRange{*begin, *size};
}

ApiError make_range_error(std::string_view blob) {
    return make_protocol_error(fmt::format("The service sent another range of {} than asked for.", blob));
}

}  // namespace

ApiResult<UncommittedBlocks> BlobClient::uncommitted_blocks(std::string_view container, std::string_view blob)
    const {
    auto const url = blob_url(container, blob) + "?comp=blocklist&blocklisttype=uncommitted";
    auto const reply = pipeline_->send(make_call(http::Verb::get, url), options_);
    if (!reply && has_status(reply.error(), 404)) return UncommittedBlocks{};
    if (!reply) return reply.error();
    UncommittedBlocks blocks;
    auto const root = codec::parse_xml(reply->response.body);
    auto const* const list = root ? root->find("UncommittedBlocks") : nullptr;
    if (list == nullptr) return blocks;
    for (auto const& block : list->children) {
        auto const* const name = block.find("Name");
        auto const* const size = block.find("Size");
        auto const length = size ? base::parse_number<std::uint64_t>(size->text) : std::nullopt;
        if (name != nullptr && length) blocks.emplace(name->text, *length);
    }
    return blocks;
}

ApiResult<BlobPiece> BlobClient::read_piece(
    std::string_view container, std::string_view blob, PieceRequest const& wanted, PieceSink const& sink
) const {
    auto call = make_call(http::Verb::get, blob_url(container, blob));
    if (!wanted.etag.empty()) call.request.headers.set("If-Match", to_condition(wanted.etag));
    std::uint64_t received = 0;
    std::uint64_t begin = wanted.offset;  // of the last attempt
    call.before_attempt = [&] {
        if (wanted.etag.empty()) received = 0;
        if (wanted.length == 0) return;
        begin = wanted.offset + received;
        call.request.headers.set(
            "x-ms-range", fmt::format("bytes={}-{}", begin, wanted.offset + wanted.length - 1)
        );
    };
    // Whoever does not know ranges sends everything, which is taken only where it can be.
    bool const may_be_whole = wanted.offset == 0 && (wanted.length == 0 || wanted.etag.empty());
    bool is_too_much = false;
    call.sink = [&](std::span<std::byte const> bytes) {
        auto const offset = wanted.offset + received;
        is_too_much = !may_be_whole && bytes.size() > wanted.length - received;
        if (is_too_much) return false;
        received += bytes.size();
        return sink(offset, bytes);
    };
    bool const goes_on = !wanted.etag.empty() && wanted.length != 0;
    if (goes_on) call.has_all = [&] { return received == wanted.length; };
    auto const reply = pipeline_->send(call, options_);
    if (is_too_much) return make_range_error(blob);
    if (!reply) return reply.error();
    if (reply->is_cut) return BlobPiece{.received = received, .size = 0, .etag = wanted.etag, .blob_md5 = {}};
    auto const& headers = reply->response.headers;
    bool const is_whole = reply->response.status == 200;
    auto const range =
        is_whole ? ContentRange{0, received} : read_content_range(headers.get("Content-Range"));
    bool const is_expected = is_whole ? may_be_whole
                                      : range && range->begin == begin && range->size >= wanted.offset &&
                                            received == std::min(wanted.length, range->size - wanted.offset);
    if (!is_expected) return make_range_error(blob);
    return BlobPiece{
        .received = received,
        .size = range->size,
        .etag = read_etag(headers.get("ETag")),
        .blob_md5 = std::string(headers.get(is_whole ? "Content-MD5" : "x-ms-blob-content-md5")),
    };
}

}  // namespace bluebatch::client
