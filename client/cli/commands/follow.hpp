#pragma once

#include "client/api/error.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bluebatch::cli {

struct TextState {
    std::uint64_t size = 0;
    // Another one when another text has taken its place, as when a task is tried again. Empty: not known.
    std::string identity = {};
};

// A file or blob that may still grow, as its service shows it.
struct GrowingText {
    std::function<client::ApiResult<TextState>()> look;
    std::function<client::ApiResult<std::string>(std::uint64_t offset, std::uint64_t length)> read;
};

// Hands on what a text gains from one look to the next.
class Follower {
public:
    // Whether it could take them.
    using Sink = std::function<bool(std::string_view bytes)>;

    Follower(GrowingText text, Sink sink) : text_(std::move(text)), sink_(std::move(sink)) {}

    // From the end of the text, so that only about that many lines of it are handed on.
    client::ApiResult<void> skip_to_last_lines(std::size_t lines);
    // Everything new. A text that has become shorter or another was replaced, and is read from its start.
    client::ApiResult<void> catch_up();

    std::uint64_t offset() const { return offset_; }
    // Nobody takes what is handed on any more.
    bool is_closed() const { return is_closed_; }

private:
    client::ApiResult<void> try_to_skip(std::size_t lines);
    client::ApiResult<void> try_to_catch_up();
    void compare(TextState const& state);

    GrowingText text_;
    Sink sink_;
    std::uint64_t offset_ = 0;
    std::string identity_;
    bool was_shorter_ = false;
    bool is_closed_ = false;
};

}  // namespace bluebatch::cli
