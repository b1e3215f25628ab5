#pragma once

#include "shared/base/result.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace bluebatch::emulator::node {

enum class TransferFault : std::uint8_t {
    not_found,
    container_not_found,
    access_denied,
    conflict,
    timed_out,
    cancelled,
    disk_full,
    local_file,
    other
};

struct TransferError {
    TransferFault fault = TransferFault::other;
    std::string message;  // never with a query: it may hold a signature
};

[[noreturn]] void throw_exception_from_error(TransferError const& error, boost::source_location const&);

template <class T>
using TransferResult = base::Result<T, TransferError>;

// Moves files between nodes and storage. URLs are absolute and percent-encoded, with what they need to be let
// in (a SAS). Thread-safe; every call ends soon after a stop request.
class BlobAccess {
public:
    virtual ~BlobAccess() = default;
    // Any http or https URL; the content lands in the open file `target`, which is emptied first.
    virtual TransferResult<void> download(std::string const& url, int target, std::stop_token stop) = 0;
    // The names of a container's blobs that begin with `prefix`.
    virtual TransferResult<std::vector<std::string>> list(
        std::string const& container_url, std::string const& prefix, std::stop_token stop
    ) = 0;
    // Makes a block blob of the content, replacing one that is there.
    virtual TransferResult<void> upload(
        std::string const& url, http::FileSlice content, http::Headers headers, std::stop_token stop
    ) = 0;
};

// The URL of a blob in a container whose URL is given; the query stays.
std::string blob_url(std::string const& container_url, std::string const& blob_name);
std::string without_query(std::string const& url);

}  // namespace bluebatch::emulator::node
