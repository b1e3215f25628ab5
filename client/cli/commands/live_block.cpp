#include "client/cli/commands/live_block.hpp"

#include <fmt/format.h>

namespace bluebatch::cli {

void LiveBlock::draw(std::vector<std::string> const& lines) {
    // Back to the block's first line, and what was below it away; in one write, so that nothing flickers.
    std::string text = height_ > 0 ? fmt::format("\x1b[{}A\r\x1b[J", height_) : std::string{};
    for (auto const& line : lines)
        text += line + "\n";
    height_ = lines.size();
    console_.write(text);
}

}  // namespace bluebatch::cli
