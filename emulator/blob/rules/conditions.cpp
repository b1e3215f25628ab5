#include "emulator/blob/rules/conditions.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;

std::string_view bare_tag(std::string_view tag) {
    tag = base::trim(tag);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
    return tag;
}

bool is_any(std::string_view tags) {
    return bare_tag(tags) == "*";
}

bool names(std::string_view tags, base::TimePoint etag) {
    auto const wanted = base::to_etag(etag);
    for (auto const tag : base::split(tags, ',')) {
        if (base::equal_ignoring_case(bare_tag(tag), wanted)) return true;
    }
    return is_any(tags);
}

// HTTP dates know no fractions.
base::TimePoint whole_seconds(base::TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time);
}

StorageErrorCode refusal(Purpose purpose) {
    return purpose == Purpose::source ? StorageErrorCode::source_condition_not_met
                                      : StorageErrorCode::condition_not_met;
}

bool has_tags(TagCondition const& condition, Entity const& entity) {
    static Tags const kNone;
    return condition.holds_for(entity.tags != nullptr ? *entity.tags : kNone);
}

StorageErrorCode unchanged(Purpose purpose) {
    return purpose == Purpose::read ? StorageErrorCode::not_modified : refusal(purpose);
}

// Of writes: which pairs there may be.
bool has_too_many(Conditions const& conditions) {
    bool const has_match = conditions.if_match.has_value();
    bool const has_none_match = conditions.if_none_match.has_value();
    bool const has_modified = conditions.if_modified_since.has_value();
    bool const has_unmodified = conditions.if_unmodified_since.has_value();
    int const count = has_match + has_none_match + has_modified + has_unmodified;
    bool const is_pair = (has_match && has_unmodified) || (has_none_match && has_modified);
    return count > (is_pair ? 2 : 1);
}

std::optional<StorageErrorCode> find_unmatched(
    Conditions const& conditions, Entity const& entity, Purpose purpose
) {
    bool const tag_decides = conditions.if_match && is_write(purpose);
    if (conditions.if_match && !names(*conditions.if_match, entity.etag)) return refusal(purpose);
    auto const& limit = conditions.if_unmodified_since;
    if (!tag_decides && limit && whole_seconds(entity.last_modified) > *limit) return refusal(purpose);
    return std::nullopt;
}

std::optional<StorageErrorCode> find_unchanged(
    Conditions const& conditions, Entity const& entity, Purpose purpose
) {
    auto const& tags = conditions.if_none_match;
    if (tags && is_any(*tags)) {
        if (purpose == Purpose::create) return StorageErrorCode::blob_already_exists;
        return is_write(purpose) ? refusal(purpose) : StorageErrorCode::unsatisfiable_condition;
    }
    auto const& limit = conditions.if_modified_since;
    bool const is_named = tags && names(*tags, entity.etag);
    bool const is_older = limit && whole_seconds(entity.last_modified) <= *limit;
    if (!tags) return is_older ? std::optional{unchanged(purpose)} : std::nullopt;
    bool const date_saves = limit && !is_older && !is_write(purpose);
    return is_named && !date_saves ? std::optional{unchanged(purpose)} : std::nullopt;
}

}  // namespace

bool is_write(Purpose purpose) {
    return purpose == Purpose::write || purpose == Purpose::create;
}

std::optional<StorageErrorCode> find_unmet_condition(
    Conditions const& conditions, std::optional<Entity> const& entity, Purpose purpose
) {
    if (is_write(purpose) && has_too_many(conditions)) {
        return StorageErrorCode::multiple_condition_headers_not_supported;
    }
    if (!entity) {
        if (conditions.if_match || conditions.if_tags) return refusal(purpose);
        return std::nullopt;
    }
    if (conditions.if_tags && !has_tags(*conditions.if_tags, *entity)) return refusal(purpose);
    if (auto const unmet = find_unmatched(conditions, *entity, purpose)) return unmet;
    return find_unchanged(conditions, *entity, purpose);
}

}  // namespace bluebatch::emulator::blob::rules
