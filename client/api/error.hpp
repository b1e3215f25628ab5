#pragma once

#include "shared/base/result.hpp"
#include "shared/http/client.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::client {

enum class Fault : std::uint8_t {
    service,      // it answered with an error: status and code say which
    transport,    // it did not answer: transport says why
    credentials,  // no token or key that could sign the request
    protocol,     // an answer that can't be read
    local,        // a file of this machine
    cancelled,
};

// Why a call failed, after all retries.
struct ApiError {
    Fault fault = Fault::service;
    int status = 0;
    std::string code;     // "PoolExists", "ContainerNotFound"; empty when the answer named none
    std::string message;  // without the RequestId and Time lines; never a key, signature or query
    std::vector<std::pair<std::string, std::string>> details;
    http::TransportFault transport = http::TransportFault::other;
    // An earlier attempt, whose answer was lost, may have been carried out.
    bool maybe_done = false;
};

template <class T>
using ApiResult = base::Result<T, ApiError>;

[[noreturn]] void throw_exception_from_error(ApiError const& error, boost::source_location const&);

// One line for a person: "PoolExists (409): The specified pool already exists."
std::string describe(ApiError const& error);

// From an answer that is not 2xx: Batch's JSON, Blob's XML, or neither (HEAD, a proxy's page).
ApiError read_service_error(http::IncomingResponse const& response);

ApiError make_protocol_error(std::string message);
ApiError make_local_error(std::string message);
// Fewer bytes came than were asked for: a file or blob has become shorter since its size was asked for.
ApiError make_short_range_error(std::string_view name);

inline bool has_code(ApiError const& error, std::string_view code) {
    return error.fault == Fault::service && error.code == code;
}
inline bool has_status(ApiError const& error, int status) {
    return error.fault == Fault::service && error.status == status;
}

// Whether a range was asked for that is not there, or no longer.
bool is_out_of_range(ApiError const& error);

}  // namespace bluebatch::client
