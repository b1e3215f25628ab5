#pragma once

#include <string>
#include <string_view>

namespace bluebatch::emulator::autoscale {

// Where in a formula; both count from 1, a column is a character.
struct Place {
    int line = 1;
    int column = 1;
    bool operator==(Place const&) const = default;
};

// "Line 1, Col 24: Insufficient data from ..."
std::string locate(Place place, std::string_view detail);

struct Token {
    enum class Kind { number, text, name, symbol, end };
    Kind kind = Kind::end;
    // As it is written; of a text what is between its quotes.
    std::string_view text;
    Place place;
    double number = 0;

    bool is_symbol(std::string_view symbol) const { return kind == Kind::symbol && text == symbol; }
};

}  // namespace bluebatch::emulator::autoscale
