#include "client/cli/suggest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace bluebatch::cli {
namespace {

std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            auto const replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::optional<std::string_view> suggest(std::string_view word, std::span<std::string_view const> known) {
    std::optional<std::string_view> best;
    auto nearest = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (auto const candidate : known) {
        auto const steps = distance(word, candidate);
        if (steps < nearest) {
            nearest = steps;
            best = candidate;
        }
    }
    return best;
}

}  // namespace bluebatch::cli
