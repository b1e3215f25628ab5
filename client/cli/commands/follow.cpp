#include "client/cli/commands/follow.hpp"

#include <algorithm>

namespace bluebatch::cli {
namespace {

constexpr std::uint64_t kPiece = 4 << 20;
// In which the last lines are looked for.
constexpr std::uint64_t kLongestTail = 1 << 20;

}  // namespace

client::ApiResult<void> Follower::skip_to_last_lines(std::size_t lines) {
    auto const size = text_.size();
    if (!size) return size.error();
    auto const length = std::min(*size, kLongestTail);
    auto const tail = text_.read(*size - length, length);
    if (!tail) return tail.error();
    auto begin = tail->size();
    // An end of line at the very end ends the last line, and begins none.
    auto end = tail->ends_with('\n') ? tail->size() - 1 : tail->size();
    for (std::size_t found = 0; found < lines; ++found) {
        auto const line_end = end == 0 ? std::string::npos : tail->rfind('\n', end - 1);
        begin = line_end == std::string::npos ? 0 : line_end + 1;
        if (begin == 0) break;
        end = line_end;
    }
    offset_ = *size - length + begin;
    return {};
}

client::ApiResult<void> Follower::catch_up() {
    auto const size = text_.size();
    if (!size) return size.error();
    if (*size < offset_) offset_ = 0;
    while (offset_ < *size) {
        auto const length = std::min(*size - offset_, kPiece);
        auto const bytes = text_.read(offset_, length);
        if (!bytes) return bytes.error();
        sink_(*bytes);
        offset_ += length;
    }
    return {};
}

}  // namespace bluebatch::cli
