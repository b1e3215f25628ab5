#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/http/message.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::wire {

// "\"0x8D7CD3B207F8DAF\"", as headers carry it.
std::string quoted_etag(base::TimePoint etag);
std::string_view to_string(store::BlobKind kind);
std::string_view to_string(store::CopyStatus status);
std::string_view to_string(store::PublicAccess access);  // "" for none

// What a signature says about the headers of the answer (rscc, rsct ...), and nothing for other requests.
using Overrides = azure::SharedAccessSignature;

template <class Record>
void add_state(http::Headers& headers, Record const& record) {
    headers.set("ETag", quoted_etag(record.etag));
    headers.set("Last-Modified", base::to_rfc1123(record.last_modified));
}
// Which version a blob is, where versions are kept.
void add_version(http::Headers& headers, store::Blob const& blob);
void add_metadata(http::Headers& headers, store::Metadata const& metadata);
void add_lease(http::Headers& headers, rules::OptionalLease const& lease, base::TimePoint now);
void add_protection(http::Headers& headers, store::Blob const& blob);
void add_container(http::Headers& headers, store::Container const& container, base::TimePoint now);
// Everything that Get Blob and Get Blob Properties both answer, but the MD5.
void add_blob(
    http::Headers& headers, store::Blob const& blob, Overrides const& overrides, base::TimePoint now
);
// What only Get Blob Properties tells.
void add_tier(http::Headers& headers, store::Blob const& blob);

}  // namespace bluebatch::emulator::blob::wire
