#include "client/cli/commands/follow.hpp"

#include <algorithm>

namespace bluebatch::cli {
namespace {

constexpr std::uint64_t kFollowed = 4 << 20;
// In which the last lines are looked for.
constexpr std::uint64_t kLongestTail = 1 << 20;
constexpr int kMostLooks = 5;

// A text may be replaced between a look at its size and the reading; then it is looked at again.
client::ApiResult<void> look_again_when_cut(std::function<client::ApiResult<void>()> const& read) {
    for (int looks = 1;; ++looks) {
        auto done = read();
        if (done || looks == kMostLooks || !client::is_out_of_range(done.error())) return done;
    }
}

}  // namespace

client::ApiResult<void> Follower::skip_to_last_lines(std::size_t lines) {
    return look_again_when_cut([this, lines] { return try_to_skip(lines); });
}

client::ApiResult<void> Follower::catch_up() {
    return look_again_when_cut([this] { return try_to_catch_up(); });
}

client::ApiResult<void> Follower::try_to_skip(std::size_t lines) {
    auto const state = text_.look();
    if (!state) return state.error();
    auto const size = state->size;
    auto const length = std::min(size, kLongestTail);
    auto const tail = text_.read(size - length, length);
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
    offset_ = size - length + begin;
    identity_ = state->identity;
    return {};
}

void Follower::compare(TextState const& state) {
    bool const is_shorter = state.size < offset_;
    bool const is_other = !state.identity.empty() && !identity_.empty() && state.identity != identity_;
    // A new text may show itself by its size before the service tells that it is another.
    if (is_shorter || (is_other && !was_shorter_)) offset_ = 0;
    was_shorter_ = (was_shorter_ || is_shorter) && !is_other;
    if (!state.identity.empty()) identity_ = state.identity;
}

client::ApiResult<void> Follower::try_to_catch_up() {
    auto state = text_.look();
    if (!state) return state.error();
    compare(*state);
    while (offset_ < state->size && !is_closed_) {
        auto const length = std::min(state->size - offset_, kFollowed);
        auto const bytes = text_.read(offset_, length);
        if (!bytes) return bytes.error();
        // They belong to what was looked at only if it is there still.
        auto const offset = offset_;
        auto const identity = identity_;
        if (auto after = text_.look()) {
            compare(*after);
            state = std::move(after);
            bool const is_cut = state->size < offset + length;
            if (offset_ != offset || identity_ != identity || is_cut) continue;
        }
        is_closed_ = !sink_(*bytes);
        offset_ += length;
    }
    return {};
}

}  // namespace bluebatch::cli
