#pragma once

#include "client/api/error.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// A file or blob that may still grow, as its service shows it.
struct GrowingText {
    std::function<client::ApiResult<std::uint64_t>()> size;
    std::function<client::ApiResult<std::string>(std::uint64_t offset, std::uint64_t length)> read;
};

// Hands on what a text gains from one look to the next.
class Follower {
public:
    using Sink = std::function<void(std::string_view bytes)>;

    Follower(GrowingText text, Sink sink) : text_(std::move(text)), sink_(std::move(sink)) {}

    // From the end of the text, so that only about that many lines of it are handed on.
    client::ApiResult<void> skip_to_last_lines(std::size_t lines);
    // Everything new. A text that has become shorter was replaced, and is read from its start.
    client::ApiResult<void> catch_up();

    std::uint64_t offset() const { return offset_; }

private:
    GrowingText text_;
    Sink sink_;
    std::uint64_t offset_ = 0;
};

}  // namespace bluebatch::cli
