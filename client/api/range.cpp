#include "client/api/range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace bluebatch::client {

ApiResult<std::string> fetch_range(
    Pipeline const& pipeline,
    Call call,
    CallOptions const& options,
    std::uint64_t length,
    std::string_view name
) {
    std::string bytes;
    call.before_attempt = [&bytes] { bytes.clear(); };
    call.sink = [&bytes, length](std::span<std::byte const> piece) {
        // One byte too many tells that the range was ignored; the rest need not be kept.
        auto const taken = std::min<std::uint64_t>(piece.size(), length + 1 - bytes.size());
        bytes.append(reinterpret_cast<char const*>(piece.data()), taken);
        return true;
    };
    auto const reply = pipeline.send(call, options);
    if (!reply) return reply.error();
    if (bytes.size() < length) return make_short_range_error(name);
    if (bytes.size() != length) {
        return make_protocol_error(fmt::format("The service sent another range of {} than asked for.", name));
    }
    return bytes;
}

}  // namespace bluebatch::client
