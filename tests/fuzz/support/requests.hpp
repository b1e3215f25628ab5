#pragma once

#include "shared/http/request_parser.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::fuzz {

// The head of a request as the server would pass it on; nothing when it would refuse it. Lines of the text
// may end as files do, so that a corpus is easy to write.
inline std::optional<http::RequestHead> read_head(std::string_view text) {
    constexpr std::size_t kHeadBytes = 64 << 10;
    constexpr std::size_t kFields = 200;
    std::string head;
    for (char const c : text) {
        if (c == '\n' && !head.ends_with('\r')) head += '\r';
        head += c;
    }
    head += "\r\n\r\n";
    http::InputBuffer buffer(head.size());
    std::ranges::copy(head, buffer.room().begin());
    buffer.commit(head.size());
    http::RequestParser parser(kHeadBytes, kFields);
    if (parser.parse_head(buffer) != http::RequestParser::Progress::complete) return std::nullopt;
    return parser.head();
}

}  // namespace bluebatch::fuzz
