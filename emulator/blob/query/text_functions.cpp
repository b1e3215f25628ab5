#include "emulator/blob/query/evaluator.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::query::functions {
namespace {

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The bytes of the character at the start; bytes that are no UTF-8 count as one character each.
std::size_t size_of_character(std::string_view text) {
    auto const first = static_cast<unsigned char>(text[0]);
    if (first < 0xC0U) return 1;
    std::size_t size = 1;
    while (size < text.size() && size < 4 && continues_character(text[size]))
        ++size;
    return size;
}

std::string_view skip_characters(std::string_view text, std::int64_t count) {
    for (; count > 0 && !text.empty(); --count)
        text.remove_prefix(size_of_character(text));
    return text;
}

constexpr bool lies_in(char32_t letter, char32_t first, char32_t last) {
    return letter >= first && letter <= last;
}

// Capital and small letters that alternate: capitals are even, or odd.
constexpr bool is_even_pair(char32_t letter) {
    return lies_in(letter, 0x100, 0x137) || lies_in(letter, 0x14A, 0x177) || lies_in(letter, 0x460, 0x481) ||
           lies_in(letter, 0x48A, 0x4BF) || lies_in(letter, 0x4D0, 0x52F) || lies_in(letter, 0x1E00, 0x1E95);
}
constexpr bool is_odd_pair(char32_t letter) {
    return lies_in(letter, 0x139, 0x148) || lies_in(letter, 0x179, 0x17E);
}

char32_t to_lower(char32_t letter) {
    if (lies_in(letter, 'A', 'Z') || (lies_in(letter, 0xC0, 0xDE) && letter != 0xD7)) return letter + 0x20;
    if (lies_in(letter, 0x391, 0x3A9) && letter != 0x3A2) return letter + 0x20;
    if (lies_in(letter, 0x410, 0x42F)) return letter + 0x20;
    if (lies_in(letter, 0x400, 0x40F)) return letter + 0x50;
    if (letter == 0x178) return 0xFF;
    if (letter == 0x130) return letter;
    if (is_even_pair(letter)) return letter | 1U;
    if (is_odd_pair(letter)) return letter + (letter & 1U);
    return letter;
}

char32_t to_upper(char32_t letter) {
    if (lies_in(letter, 'a', 'z') || (lies_in(letter, 0xE0, 0xFE) && letter != 0xF7)) return letter - 0x20;
    if (lies_in(letter, 0x3B1, 0x3C9) && letter != 0x3C2) return letter - 0x20;
    if (lies_in(letter, 0x430, 0x44F)) return letter - 0x20;
    if (lies_in(letter, 0x450, 0x45F)) return letter - 0x50;
    if (letter == 0xFF) return 0x178;
    if (letter == 0x131) return letter;
    if (is_even_pair(letter)) return letter & ~char32_t{1};
    if (is_odd_pair(letter)) return letter - (~letter & 1U);
    return letter;
}

char32_t decode(std::string_view character) {
    auto const first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first;
    char32_t letter = first & (0x7FU >> character.size());
    for (auto const byte : character.substr(1))
        letter = (letter << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    return letter;
}

// Two bytes are enough for what changes, and three for Latin Extended Additional.
void append(std::string& text, char32_t letter) {
    constexpr char32_t kTwoBytes = 0x800;
    auto const put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (letter < 0x80) return put(letter);
    if (letter < kTwoBytes) {
        put(0xC0U | (letter >> 6U));
    } else {
        put(0xE0U | (letter >> 12U));
        put(0x80U | ((letter >> 6U) & 0x3FU));
    }
    put(0x80U | (letter & 0x3FU));
}

std::string map_letters(std::string_view text, char32_t (*change)(char32_t)) {
    std::string changed;
    changed.reserve(text.size());
    while (!text.empty()) {
        auto const character = text.substr(0, size_of_character(text));
        text.remove_prefix(character.size());
        bool const is_ascii = static_cast<unsigned char>(character[0]) < 0x80U;
        bool const is_mappable = is_ascii || (character.size() > 1 && character.size() < 4);
        auto const letter = is_mappable ? decode(character) : 0;
        auto const other = is_mappable ? change(letter) : 0;
        if (other == letter) {
            changed += character;
        } else {
            append(changed, other);
        }
    }
    return changed;
}

// One step of a pattern.
struct Step {
    std::string_view character;
    bool is_wild;  // % or _
};

Step step_of(std::string_view pattern, std::optional<char> escape) {
    bool const is_escape = escape && pattern[0] == *escape && pattern.size() > 1;
    if (is_escape) {
        return {pattern.substr(0, 1 + size_of_character(pattern.substr(1))), false};
    }
    return {pattern.substr(0, size_of_character(pattern)), pattern[0] == '%' || pattern[0] == '_'};
}

bool matches(Step const& step, std::string_view character, std::optional<char> escape) {
    if (step.is_wild) return step.character == "_";
    auto wanted = step.character;
    if (escape && wanted.size() > 1 && wanted[0] == *escape) wanted.remove_prefix(1);
    return wanted == character;
}

}  // namespace

// Only the last % can have to take more, so no pattern costs more than its length times the text's.
bool is_like(std::string_view text, std::string_view pattern, std::optional<char> escape) {
    std::optional<std::string_view> retry_text;
    std::string_view retry_pattern;
    while (!text.empty() || !pattern.empty()) {
        if (!pattern.empty()) {
            auto const step = step_of(pattern, escape);
            if (step.is_wild && step.character == "%") {
                pattern.remove_prefix(1);
                if (pattern.empty()) return true;
                retry_text = text;
                retry_pattern = pattern;
                continue;
            }
            if (!text.empty()) {
                auto const character = text.substr(0, size_of_character(text));
                if (matches(step, character, escape)) {
                    text.remove_prefix(character.size());
                    pattern.remove_prefix(step.character.size());
                    continue;
                }
            }
        }
        if (!retry_text || retry_text->empty()) return false;
        retry_text = skip_characters(*retry_text, 1);
        text = *retry_text;
        pattern = retry_pattern;
    }
    return true;
}

std::int64_t length(std::string_view text) {
    std::int64_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(size_of_character(text));
    return count;
}

std::string substring(std::string_view text, std::int64_t start, std::optional<std::int64_t> count) {
    if (start < 0) {
        // Characters before the first count as well.
        if (count) count = std::max<std::int64_t>(std::max<std::int64_t>(*count, 0) + start, 0);
        start = 0;
    }
    auto const rest = skip_characters(text, start);
    if (!count) return std::string{rest};
    auto const behind = skip_characters(rest, *count);
    return std::string{rest.substr(0, rest.size() - behind.size())};
}

std::string trim(std::string_view text, std::string_view characters, TrimSide side) {
    auto const is_trimmed = [&](std::string_view character) {
        return !character.empty() && characters.find(character) != std::string_view::npos;
    };
    if (side != TrimSide::trailing) {
        while (!text.empty() && is_trimmed(text.substr(0, size_of_character(text))))
            text.remove_prefix(size_of_character(text));
    }
    if (side != TrimSide::leading) {
        while (!text.empty()) {
            auto start = text.size() - 1;
            while (start > 0 && text.size() - start < 4 && continues_character(text[start]))
                --start;
            if (!is_trimmed(text.substr(start))) break;
            text.remove_suffix(text.size() - start);
        }
    }
    return std::string{text};
}

std::string lower(std::string_view text) {
    return map_letters(text, &to_lower);
}

std::string upper(std::string_view text) {
    return map_letters(text, &to_upper);
}

}  // namespace bluebatch::emulator::blob::query::functions
