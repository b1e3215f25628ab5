#pragma once

#include "client/cli/console.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace bluebatch::cli {

// The last lines of a terminal, drawn over by the next ones. Each line must fit the terminal's width.
class LiveBlock {
public:
    explicit LiveBlock(Console& console) : console_(console) {}
    void draw(std::vector<std::string> const& lines);

private:
    Console& console_;
    std::size_t height_ = 0;
};

}  // namespace bluebatch::cli
