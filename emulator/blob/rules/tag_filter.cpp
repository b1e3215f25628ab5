#include "emulator/blob/rules/tag_filter.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::rules {
namespace {

struct OperatorName {
    std::string_view text;
    Comparison comparison;
};
// Longer ones first.
constexpr std::array kOperators{
    OperatorName{"<>", Comparison::not_equal},
    OperatorName{">=", Comparison::greater_or_equal},
    OperatorName{"<=", Comparison::less_or_equal},
    OperatorName{"=", Comparison::equal},
    OperatorName{">", Comparison::greater},
    OperatorName{"<", Comparison::less},
};

constexpr std::string_view kContainer = "@container";

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Reads one expression from its beginning to its end; what can't be read is told once, in `fault`.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool at_end() {
        skip_blanks();
        return rest().empty();
    }
    bool take_word(std::string_view word) {
        skip_blanks();
        auto const following = rest().substr(std::min(word.size(), rest().size()));
        if (!base::equal_ignoring_case(rest().substr(0, word.size()), word)) return false;
        if (!following.empty() && is_word_char(following.front())) return false;
        at_ += word.size();
        return true;
    }
    std::optional<std::string> take_key() {
        skip_blanks();
        if (rest().starts_with('"')) return take_quoted('"', "the name of a tag");
        if (rest().starts_with(kContainer)) {
            at_ += kContainer.size();
            return std::string{kContainer};
        }
        auto const end = std::ranges::find_if_not(rest(), is_word_char);
        std::string word{rest().begin(), end};
        if (word.empty()) return fail("the name of a tag is missing");
        at_ += word.size();
        return word;
    }
    std::optional<Comparison> take_comparison() {
        skip_blanks();
        for (auto const& [text, comparison] : kOperators) {
            if (!rest().starts_with(text)) continue;
            at_ += text.size();
            return comparison;
        }
        fail("a comparison is missing");
        return std::nullopt;
    }
    std::optional<std::string> take_value() {
        skip_blanks();
        if (!rest().starts_with('\'')) return fail("a value in single quotes is missing");
        return take_quoted('\'', "a value");
    }
    std::nullopt_t fail(std::string_view what) {
        if (fault_.what.empty()) fault_.what = fmt::format("{} at character {}", what, at_ + 1);
        return std::nullopt;
    }
    TagExpressionFault const& fault() const { return fault_; }

private:
    std::string_view rest() const { return text_.substr(at_); }
    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'))
            ++at_;
    }
    // A quote within is written twice.
    std::optional<std::string> take_quoted(char quote, std::string_view what) {
        auto const start = at_++;
        std::string text;
        while (at_ < text_.size()) {
            char const c = text_[at_++];
            if (c != quote) {
                text += c;
            } else if (rest().starts_with(quote)) {
                text += c;
                ++at_;
            } else {
                return text;
            }
        }
        at_ = start;
        return fail(fmt::format("{} has no end", what));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    TagExpressionFault fault_;
};

std::optional<TagTest> take_test(Reader& reader) {
    auto key = reader.take_key();
    if (!key) return std::nullopt;
    auto const comparison = reader.take_comparison();
    if (!comparison) return std::nullopt;
    auto value = reader.take_value();
    if (!value) return std::nullopt;
    if (key->size() > kMaxTagKey || value->size() > kMaxTagValue) return reader.fail("too long a text");
    return TagTest{*std::move(key), *comparison, *std::move(value)};
}

std::optional<TagExpressionFault> find_size_fault(std::string_view text) {
    if (text.size() > kMaxTagExpression) return TagExpressionFault{"the expression is too long"};
    return std::nullopt;
}

// Moves a comparison with @container out of the tests.
std::optional<TagExpressionFault> take_container(TagFilter& filter, TagTest const& test) {
    if (test.comparison != Comparison::equal)
        return TagExpressionFault{"@container can only be compared by ="};
    if (filter.container && *filter.container != test.value)
        return TagExpressionFault{"@container is named twice"};
    filter.container = test.value;
    return std::nullopt;
}

struct Bounds {
    std::string least;
    std::optional<std::string> most;
    bool is_exact = false;
};

Bounds bounds_of(std::string_view key, TagTests const& tests) {
    Bounds bounds;
    auto const lower = [&](std::string const& value) { bounds.least = std::max(bounds.least, value); };
    auto const upper = [&](std::string const& value) {
        if (!bounds.most || value < *bounds.most) bounds.most = value;
    };
    for (auto const& test : tests) {
        if (test.key != key) continue;
        using enum Comparison;
        if (test.comparison == equal) bounds.is_exact = true;
        if (test.comparison == equal || test.comparison == greater || test.comparison == greater_or_equal)
            lower(test.value);
        if (test.comparison == equal || test.comparison == less || test.comparison == less_or_equal)
            upper(test.value);
    }
    return bounds;
}

// The more, the less a search has to read.
int worth_of(Bounds const& bounds) {
    if (bounds.is_exact) return 3;
    return (bounds.least.empty() ? 0 : 1) + (bounds.most ? 1 : 0);
}

}  // namespace

bool holds(TagTest const& test, Tags const& tags) {
    auto const found = std::ranges::find(tags, test.key, &Tags::value_type::first);
    if (found == tags.end()) return test.comparison == Comparison::not_equal;
    auto const order = found->second.compare(test.value);
    switch (test.comparison) {
        case Comparison::equal:
            return order == 0;
        case Comparison::not_equal:
            return order != 0;
        case Comparison::greater:
            return order > 0;
        case Comparison::greater_or_equal:
            return order >= 0;
        case Comparison::less:
            return order < 0;
        case Comparison::less_or_equal:
            return order <= 0;
    }
    return false;
}

bool hold_all(TagTests const& tests, Tags const& tags) {
    return std::ranges::all_of(tests, [&](TagTest const& test) { return holds(test, tags); });
}

bool TagCondition::holds_for(Tags const& tags) const {
    return std::ranges::any_of(alternatives, [&](TagTests const& tests) { return hold_all(tests, tags); });
}

Parsed<TagFilter> parse_tag_filter(std::string_view text) {
    if (auto fault = find_size_fault(text)) return *std::move(fault);
    Reader reader(text);
    TagFilter filter;
    std::size_t count = 0;
    do {
        auto test = take_test(reader);
        if (!test) return reader.fault();
        if (++count > kMaxTagTests) return TagExpressionFault{"the expression has too many comparisons"};
        if (test->comparison == Comparison::not_equal) return TagExpressionFault{"<> can't be searched for"};
        if (test->key == kContainer) {
            if (auto fault = take_container(filter, *test)) return *std::move(fault);
        } else {
            filter.tests.push_back(*std::move(test));
        }
    } while (reader.take_word("AND"));
    if (!reader.at_end()) {
        reader.fail("only AND may follow");
        return reader.fault();
    }
    if (filter.tests.empty()) return TagExpressionFault{"at least one tag must be compared"};
    return filter;
}

Parsed<TagCondition> parse_tag_condition(std::string_view text) {
    if (auto fault = find_size_fault(text)) return *std::move(fault);
    Reader reader(text);
    TagCondition condition;
    std::size_t count = 0;
    do {
        auto& tests = condition.alternatives.emplace_back();
        do {
            auto test = take_test(reader);
            if (!test) return reader.fault();
            if (++count > kMaxTagTests) return TagExpressionFault{"the expression has too many comparisons"};
            if (test->key == kContainer) return TagExpressionFault{"a condition can't name a container"};
            tests.push_back(*std::move(test));
        } while (reader.take_word("AND"));
    } while (reader.take_word("OR"));
    if (!reader.at_end()) {
        reader.fail("only AND and OR may follow");
        return reader.fault();
    }
    return condition;
}

TagInterval narrowest_interval(TagTests const& tests) {
    TagInterval best;
    int worth = -1;
    for (auto const& test : tests) {
        auto bounds = bounds_of(test.key, tests);
        if (worth_of(bounds) <= worth) continue;
        worth = worth_of(bounds);
        best = {test.key, std::move(bounds.least), std::move(bounds.most)};
    }
    return best;
}

}  // namespace bluebatch::emulator::blob::rules
