#pragma once

#include "emulator/blob/cases/copying.hpp"
#include "emulator/blob/foreign_source.hpp"
#include "emulator/blob/routes/route.hpp"

#include <cstdint>
#include <string>
#include <variant>

// What x-ms-copy-source names, and its bytes.
namespace bluebatch::emulator::blob::routes {

struct Source {
    std::variant<Address, ForeignSource> place;  // one of our blobs, or what is elsewhere
    Guard guard;                                 // what must hold for one of ours
    std::string shown_url;                       // without what is secret in it
};

// InvalidHeaderValue, and CannotVerifyCopySource for one of ours that the request may not read.
azure::StorageResult<Source> read_source(Call& call);

struct Fetched {
    http::Body body;
    cases::ForeignBlob state;
    rules::Tags tags{};  // of our own
};

enum class Digests : std::uint8_t { as_asked, with_md5 };

// The bytes of the source, x-ms-source-range of them where the header is there, checked against
// x-ms-source-content-md5 and -crc64. Larger ones than `most_bytes` are CannotVerifyCopySource.
azure::StorageResult<Fetched> fetch(
    Call& call, Source const& source, std::uint64_t most_bytes, Digests digests = Digests::as_asked
);

// The digests of a block or a range that came from a source.
void add_source_digests(http::Headers& headers, http::Headers const& asked, http::Body const& body);

}  // namespace bluebatch::emulator::blob::routes
