#include "client/cli/commands/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kEllipsis = "…";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::size_t kNarrowest = 6;

struct CodePoint {
    char32_t value;
    std::size_t bytes;
};

// The first of a text that is not empty. What is not UTF-8 counts byte by byte.
CodePoint first_of(std::string_view text) {
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = byte(0);
    std::size_t const size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (size == 1 || size > text.size()) return {lead, 1};
    char32_t value = lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u) return {lead, 1};
        value = (value << 6u) | (byte(i) & 0x3Fu);
    }
    return {value, size};
}

// East Asian wide characters and most pictures take two columns, combining marks none.
std::size_t width_of(char32_t value) {
    if ((value >= 0x0300 && value <= 0x036F) || value == 0x200B || value == 0x200D || value == 0xFE0F)
        return 0;
    bool const wide = (value >= 0x1100 && value <= 0x115F) || (value >= 0x2E80 && value <= 0xA4CF) ||
                      (value >= 0xAC00 && value <= 0xD7A3) || (value >= 0xF900 && value <= 0xFAFF) ||
                      (value >= 0xFE30 && value <= 0xFE6F) || (value >= 0xFF00 && value <= 0xFF60) ||
                      (value >= 0xFFE0 && value <= 0xFFE6) || (value >= 0x1F300 && value <= 0x1FAFF) ||
                      (value >= 0x20000 && value <= 0x3FFFD);
    return wide ? 2 : 1;
}

std::string pad(std::string text, std::size_t width, Align align) {
    auto const taken = display_width(text);
    if (taken >= width) return text;
    std::string const blanks(width - taken, ' ');
    return align == Align::left ? text + blanks : blanks + text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        auto const point = first_of(text);
        width += width_of(point.value);
        text.remove_prefix(point.bytes);
    }
    return width;
}

std::string fit(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    std::string kept;
    std::size_t taken = 1;  // the ellipsis
    while (!text.empty()) {
        auto const point = first_of(text);
        taken += width_of(point.value);
        if (taken > width) break;
        kept += text.substr(0, point.bytes);
        text.remove_prefix(point.bytes);
    }
    return kept + std::string(width > 0 ? kEllipsis : "");
}

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        auto const point = first_of(text);
        bool const is_control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
        if (is_control) {
            shown += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
        } else {
            shown += text.substr(0, point.bytes);
        }
        text.remove_prefix(point.bytes);
    }
    return shown;
}

std::string printable_lines(std::string_view text) {
    std::string shown;
    for (;;) {
        auto const end = text.find('\n');
        shown += printable(text.substr(0, end));
        if (end == std::string_view::npos) return shown;
        shown += '\n';
        text.remove_prefix(end + 1);
    }
}

void Table::add(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    for (auto& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

// The widest column gives way first, one character at a time, until everything fits or nothing can be cut.
std::vector<std::size_t> Table::widths(std::size_t bound) const {
    std::vector<std::size_t> widths;
    std::size_t total = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto width = display_width(columns_[i].title);
        for (auto const& row : rows_)
            width = std::max(width, display_width(row[i]));
        widths.push_back(width);
        total += width + (i > 0 ? kGap.size() : 0);
    }
    while (bound > 0 && total > bound) {
        auto const widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kNarrowest) break;
        --*widest;
        --total;
    }
    return widths;
}

std::vector<std::string> Table::lines(TableLook look) const {
    auto const columns = widths(look.width);
    auto const join = [&](auto const& cell_at) {
        std::string line;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i > 0) line += kGap;
            line += pad(fit(cell_at(i), columns[i]), columns[i], columns_[i].align);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    };
    std::vector<std::string> lines;
    lines.reserve(rows_.size() + 1);
    auto const titles = join([&](std::size_t i) { return columns_[i].title; });
    lines.push_back(look.has_colours ? fmt::format("{}{}{}", kBold, titles, kPlain) : titles);
    for (auto const& row : rows_)
        lines.push_back(join([&](std::size_t i) -> std::string_view { return row[i]; }));
    return lines;
}

}  // namespace bluebatch::cli
