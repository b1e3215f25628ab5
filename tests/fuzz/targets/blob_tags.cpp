// Index tags of blobs: the two languages that search them, x-ms-tags, documents and markers.
#include "emulator/blob/rules/tag_filter.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace rules = emulator::blob::rules;
namespace wire = emulator::blob::wire;

// Tags that pass the tests of one conjunction as well as any can.
rules::Tags tags_for(rules::TagTests const& tests) {
    rules::Tags tags;
    for (auto const& test : tests) {
        auto const is_known = [&](auto const& tag) { return tag.first == test.key; };
        if (std::ranges::none_of(tags, is_known)) tags.emplace_back(test.key, test.value);
    }
    return tags;
}

void check_filter(std::string_view input) {
    auto const filter = rules::parse_tag_filter(input);
    if (!filter) {
        check(!filter.error().what.empty(), "a refusal says why", input);
        return;
    }
    check(!filter->tests.empty() && filter->tests.size() <= rules::kMaxTagTests, "bounded", input);
    auto const condition = rules::parse_tag_condition(input);
    if (!filter->container) {
        check(condition && condition->alternatives.size() == 1, "what finds is a condition, too", input);
        check(condition->alternatives.front() == filter->tests, "of the same tests", input);
    }
    auto const tags = tags_for(filter->tests);
    if (!rules::hold_all(filter->tests, tags)) return;
    auto const interval = rules::narrowest_interval(filter->tests);
    auto const found = std::ranges::find(tags, interval.key, &rules::Tags::value_type::first);
    check(found != tags.end(), "a search goes by a tag of the filter", input);
    check(found->second >= interval.least, "a search misses nothing below", input);
    check(!interval.most || found->second <= *interval.most, "a search misses nothing above", input);
}

void check_condition(std::string_view input) {
    auto const condition = rules::parse_tag_condition(input);
    if (!condition) return;
    condition->holds_for({});
    for (auto const& tests : condition->alternatives) {
        auto const tags = tags_for(tests);
        if (rules::hold_all(tests, tags))
            check(condition->holds_for(tags), "one alternative is enough", input);
    }
}

void check_tags(std::string_view input) {
    auto const given = wire::read_tags(http::Headers{{"x-ms-tags", std::string{input}}});
    if (given && *given) {
        check(!rules::find_tags_fault(**given), "tags in headers are within the limits", input);
        auto const again = wire::parse_tags(wire::to_xml(**given));
        check(again && *again == **given, "tags come back as they were set", input);
    }
    auto const parsed = wire::parse_tags(input);
    if (parsed) check(!rules::find_tags_fault(*parsed), "tags in documents are within the limits", input);
}

void check_marker(std::string_view input) {
    wire::parse_find_marker(input);
    auto const marker = wire::to_marker({"con", "value", std::string{input}, 7});
    auto const place = wire::parse_find_marker(marker);
    check(place && place->name == input && place->blob_id == 7, "a search goes on where it ended", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_filter(input);
    check_condition(input);
    check_tags(input);
    check_marker(input);
    return 0;
}

}  // namespace bluebatch::fuzz
