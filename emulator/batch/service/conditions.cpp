#include "emulator/batch/service/conditions.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::batch::service {
namespace {

Result<std::optional<base::TimePoint>> read_time(http::Headers const& headers, std::string_view name) {
    auto const value = headers.find(name);
    if (!value) return std::optional<base::TimePoint>{};
    if (auto const time = base::parse_rfc1123(*value)) return std::optional{*time};
    return BatchError{
        BatchErrorCode::invalid_header_value,
        {{"HeaderName", std::string(name)}, {"HeaderValue", std::string(value->substr(0, 256))}}};
}

std::optional<std::string> read_tag(http::Headers const& headers, std::string_view name) {
    auto const value = headers.find(name);
    if (!value) return std::nullopt;
    auto tag = base::trim(*value);
    // Clients send the tag as they got it; some put it between quotes.
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
    return std::string(tag);
}

bool matches(std::string_view tag, base::TimePoint last_modified) {
    return tag == "*" || base::equal_ignoring_case(tag, base::to_etag(last_modified));
}

// HTTP dates are whole seconds.
base::TimePoint whole_seconds(base::TimePoint time) {
    return base::TimePoint{std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())};
}

}  // namespace

Result<Conditions> read_conditions(http::Headers const& headers) {
    auto const modified = read_time(headers, "If-Modified-Since");
    if (!modified) return modified.error();
    auto const unmodified = read_time(headers, "If-Unmodified-Since");
    if (!unmodified) return unmodified.error();
    Conditions conditions{
        read_tag(headers, "If-Match"), read_tag(headers, "If-None-Match"), *modified, *unmodified};
    bool const asks_for_same = conditions.if_match || conditions.if_unmodified_since;
    bool const asks_for_other = conditions.if_none_match || conditions.if_modified_since;
    if (asks_for_same && asks_for_other)
        return BatchError{BatchErrorCode::multiple_condition_headers_not_supported, {}};
    return conditions;
}

std::optional<BatchError> check(Conditions const& conditions, base::TimePoint last_modified, Access access) {
    bool is_other = false;  // If-Match or If-Unmodified-Since does not hold
    bool is_same = false;   // If-None-Match or If-Modified-Since does not hold
    auto const modified = whole_seconds(last_modified);
    // A tag beats a date. Batch: REST-18
    if (conditions.if_match) {
        is_other = !matches(*conditions.if_match, last_modified);
    } else if (conditions.if_unmodified_since) {
        is_other = modified > *conditions.if_unmodified_since;
    }
    if (conditions.if_none_match) {
        is_same = matches(*conditions.if_none_match, last_modified);
    } else if (conditions.if_modified_since) {
        is_same = modified <= *conditions.if_modified_since;
    }
    if (is_same && access == Access::read) return BatchError{BatchErrorCode::not_modified, {}};
    if (is_same || is_other) return BatchError{BatchErrorCode::condition_not_met, {}};
    return std::nullopt;
}

}  // namespace bluebatch::emulator::batch::service
