#pragma once

#include "client/api/blob_types.hpp"
#include "client/api/pipeline.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::client {

enum class Created : std::uint8_t { now, before };

// A block's id, base64 and of one length in a blob, and the MD5 of its content, base64.
struct BlockName {
    std::string id;
    std::string md5;
};
// Their ids and lengths.
using UncommittedBlocks = std::map<std::string, std::uint64_t, std::less<>>;

// What is wanted of a blob. Without a length: all of it.
struct PieceRequest {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string etag = {};
};
// Takes bytes at their place; false cancels.
using PieceSink = std::function<bool(std::uint64_t offset, std::span<std::byte const> bytes)>;
struct BlobPiece {
    std::uint64_t received = 0;
    std::uint64_t size = 0;  // of the whole blob
    std::string etag;
    std::string blob_md5;  // base64; empty where the service knows none
};

// Called with every piece of a file that came or went; a negative count takes back what a retry repeats.
using ByteCount = std::function<void(std::int64_t bytes)>;

// Block blobs and their containers. A cheap value like BatchClient. Thread-safe.
class BlobClient {
public:
    // The endpoint is "https://ACCOUNT.blob.core.windows.net" or "http://127.0.0.1:10000/ACCOUNT".
    BlobClient(Pipeline const& pipeline, std::string endpoint, CallOptions options = {});

    BlobClient with(CallOptions options) const { return {*pipeline_, endpoint_, std::move(options)}; }
    std::string const& endpoint() const { return endpoint_; }
    std::string container_url(std::string_view container) const;
    std::string blob_url(std::string_view container, std::string_view blob) const;

    // `before` when it is there already. `run` marks what is ours, so that a retry whose first answer was
    // lost is told apart from somebody else's container. ContainerBeingDeleted is an error.
    ApiResult<Created> create_container(std::string_view container, std::string_view run) const;
    // Success also when it is gone or going already.
    ApiResult<void> delete_container(std::string_view container) const;
    // Whether the container exists and was made by this run.
    ApiResult<bool> is_container_of(std::string_view container, std::string_view run) const;

    // Whether it holds a blob, even one whose blocks are still coming, whose name begins otherwise.
    ApiResult<bool> has_blobs_outside(std::string_view container, std::string_view folder) const;

    // A blob in one request, up to kMostInOneRequest bytes.
    ApiResult<void> put_blob(
        std::string_view container,
        std::string_view blob,
        http::FileSlice content,
        BlobHeaders const& headers = {}
    ) const;
    // The service checks the content against its MD5.
    ApiResult<void> put_block(
        std::string_view container, std::string_view blob, BlockName const& name, http::FileSlice content
    ) const;
    // Those that have come and are in no blob yet; none where there is not even the blob.
    ApiResult<UncommittedBlocks> uncommitted_blocks(std::string_view container, std::string_view blob) const;
    ApiResult<void> put_block_list(
        std::string_view container,
        std::string_view blob,
        std::span<std::string const> block_ids,
        BlobHeaders const& headers = {}
    ) const;
    // Success also when it is gone.
    ApiResult<void> delete_blob(std::string_view container, std::string_view blob) const;

    // A piece of the blob, into `sink`; the answer tells of the whole. With an entity tag only while the blob
    // has it, and then what a lost attempt has brought is not asked for again.
    ApiResult<BlobPiece> read_piece(
        std::string_view container, std::string_view blob, PieceRequest const& wanted, PieceSink const& sink
    ) const;

    // For whoever shows or copies what there is. What is not there is an error here.
    ApiResult<std::vector<ContainerItem>> list_containers(std::string_view prefix = {}) const;
    ApiResult<std::vector<BlobItem>> list_blobs(
        std::string_view container, std::string_view prefix = {}, Depth depth = Depth::all
    ) const;
    // Public access is "", "blob" or "container".
    ApiResult<void> add_container(std::string_view container, std::string_view public_access = {}) const;
    ApiResult<ContainerProperties> container_properties(std::string_view container) const;
    ApiResult<BlobProperties> blob_properties(std::string_view container, std::string_view blob) const;
    // Those bytes of a blob, which must be there.
    ApiResult<std::string> read_range(
        std::string_view container, std::string_view blob, std::uint64_t offset, std::uint64_t length
    ) const;
    // The status of a copy that the service makes: "success" or "pending".
    ApiResult<std::string> start_copy(
        std::string_view source_url, std::string_view container, std::string_view blob
    ) const;
    // With its snapshots.
    ApiResult<void> remove_blob(std::string_view container, std::string_view blob) const;

    // POST ?restype=service&comp=userdelegationkey; the answer's XML. Needs a token of Microsoft Entra ID.
    ApiResult<std::string> get_user_delegation_key(base::TimePoint start, base::TimePoint expiry) const;

private:
    // All pages of a list; `take` says whether it could read one.
    ApiResult<void> for_each_page(
        std::string const& url, std::function<bool(codec::XmlElement const& root)> const& take
    ) const;
    Call make_call(http::Verb verb, std::string url) const;

    Pipeline const* pipeline_;
    std::string endpoint_;
    CallOptions options_;
};

}  // namespace bluebatch::client
