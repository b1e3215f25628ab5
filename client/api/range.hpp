#pragma once

#include "client/api/error.hpp"
#include "client/api/pipeline.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bluebatch::client {

// Sends a call that names a range of `length` bytes of what is called `name`, and takes exactly those. A
// short range has an error of its own (make_short_range_error); more than was asked for is a protocol error.
ApiResult<std::string> fetch_range(
    Pipeline const& pipeline,
    Call call,
    CallOptions const& options,
    std::uint64_t length,
    std::string_view name
);

}  // namespace bluebatch::client
