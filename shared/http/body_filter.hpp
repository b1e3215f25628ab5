#pragma once

#include <cstddef>
#include <span>

namespace bluebatch::http {

// Takes the framing off a body while it arrives. Digests and sizes are those of what is left.
class BodyFilter {
public:
    virtual ~BodyFilter() = default;
    // Moves what belongs to the content to the beginning of `bytes`, which continue those of the last call.
    // Returns how much that is.
    virtual std::size_t take(std::span<char> bytes) = 0;
};

}  // namespace bluebatch::http
