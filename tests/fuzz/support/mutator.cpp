#include "tests/fuzz/support/mutator.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

namespace bluebatch::fuzz {
namespace {

constexpr std::size_t kLongest = 8 << 10;

// Edges of numbers, dates and encodings.
constexpr auto kTroublesome = std::to_array<std::string_view>({
    "0",
    "-1",
    "00",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "1e400",
    "-0",
    "0x10",
    "18446744073709551615",
    "18446744073709551616",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.9999999-14:00",
    "2024-02-30",
    "PT0S",
    "-P1D",
    "P10675199DT2H48M5.4775807S",
    "P99999999999999999999Y",
    "%00",
    "%2F",
    "%",
    "%2",
    "%C3%28",
    "%25",
    "..",
    "//",
    "\xC0\x80",
    "\xED\xA0\x80",
    "\xF4\x90\x80\x80",
    "\xEF\xBF\xBE",
    "\xEF\xBB\xBF",
    "\"\"",
    "''",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "[]",
    "{}",
    "\r\n",
    "\n",
    "\t",
    " ",
    "*",
    "**",
    "$",
    "${",
    "[",
    "&#0;",
    "&amp;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "=",
    "==",
    ";",
    ",",
});

bool is_word_letter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

std::vector<std::string> words_of(std::vector<std::string> const& corpus) {
    std::set<std::string> words;
    for (auto const& text : corpus) {
        for (std::size_t begin = 0; begin < text.size();) {
            auto end = begin;
            while (end < text.size() && is_word_letter(text[end]))
                ++end;
            if (end > begin) words.insert(text.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return {words.begin(), words.end()};
}

}  // namespace

Mutator::Mutator(std::vector<std::string> corpus, std::uint64_t seed)
    : corpus_(std::move(corpus)), words_(words_of(corpus_)), engine_(seed) {
    if (corpus_.empty()) corpus_.emplace_back();
    words_.insert(words_.end(), kTroublesome.begin(), kTroublesome.end());
}

std::size_t Mutator::below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit);
}

std::string Mutator::next() {
    constexpr std::size_t kMostChanges = 6;
    auto input = any(corpus_);
    for (auto left = 1 + below(kMostChanges); left > 0; --left)
        change(input);
    if (input.size() > kLongest) input.resize(kLongest);
    return input;
}

void Mutator::change(std::string& input) {
    if (below(2) == 0) {
        change_bytes(input);
    } else {
        change_piece(input);
    }
}

void Mutator::change_bytes(std::string& input) {
    auto const at = below(input.size());
    auto const byte = static_cast<char>(engine_() & 0xFFU);
    switch (below(4)) {
        case 0:
            if (!input.empty()) input[at] = byte;
            break;
        case 1:
            if (!input.empty()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 2:
            input.insert(at, 1, byte);
            break;
        default:
            if (!input.empty()) input.erase(at, 1);
    }
}

void Mutator::change_piece(std::string& input) {
    constexpr std::size_t kLongestPiece = 48;
    constexpr std::size_t kMostCopies = 40;
    auto const at = below(input.size() + 1);
    auto const length = below(kLongestPiece);
    auto const piece = input.substr(at, length);
    switch (below(6)) {
        case 0:
            input.erase(at, length);
            break;
        case 1:
            input.insert(at, any(words_));
            break;
        case 2: {
            // A word takes the place of another.
            auto end = at;
            while (end < input.size() && is_word_letter(input[end]))
                ++end;
            input.replace(at, end - at, any(words_));
            break;
        }
        case 3: {
            auto const& other = any(corpus_);
            input.insert(at, other.substr(below(other.size() + 1), length));
            break;
        }
        case 4:
            for (auto copies = below(kMostCopies); copies > 0 && input.size() < kLongest; --copies)
                input.insert(at, piece);
            break;
        default:
            input.insert(below(input.size() + 1), piece);
    }
}

}  // namespace bluebatch::fuzz
