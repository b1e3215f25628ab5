#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/range.hpp"
#include "emulator/storage/blob/content_source.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bluebatch::emulator::blob::cases {

// A piece of a file that holds bytes of a blob.
struct FilePiece {
    std::shared_ptr<store::ContentSource const> file;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};
// What was never written of a page blob.
struct Zeros {
    std::uint64_t length = 0;
};
using Piece = std::variant<std::string, FilePiece, Zeros>;

struct ReadBlob {
    std::string range;  // a Range header; empty: everything
    Guard guard;
    rules::Purpose purpose = rules::Purpose::read;  // or that of a copy's source
};

struct BlobContent {
    store::Blob blob;
    std::optional<rules::ByteRange> range;  // empty: everything
    std::vector<Piece> pieces;              // what happens to the blob meanwhile does not touch them
};

// ContainerNotFound, BlobNotFound, InvalidRange, the codes of the guard; ServerBusy when the blob is
// overwritten faster than it can be opened.
azure::StorageResult<BlobContent> read_content(
    Context const& context, Address const& address, ReadBlob const& wanted
);

}  // namespace bluebatch::emulator::blob::cases
