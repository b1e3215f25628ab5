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

}  // namespace

std::optional<StorageErrorCode> find_unmet_condition(
    Conditions const& conditions, std::optional<Entity> const& entity, Purpose purpose
) {
    if (!entity) {
        if (conditions.if_match || conditions.if_tags) return refusal(purpose);
        return std::nullopt;
    }
    if (conditions.if_tags && !has_tags(*conditions.if_tags, *entity)) return refusal(purpose);
    if (conditions.if_match && !names(*conditions.if_match, entity->etag)) return refusal(purpose);
    auto const last_modified = whole_seconds(entity->last_modified);
    if (conditions.if_unmodified_since && last_modified > *conditions.if_unmodified_since) {
        return refusal(purpose);
    }
    if (conditions.if_none_match) {
        if (is_any(*conditions.if_none_match)) {
            return purpose == Purpose::write ? StorageErrorCode::blob_already_exists
                                             : StorageErrorCode::unsatisfiable_condition;
        }
        if (names(*conditions.if_none_match, entity->etag)) return unchanged(purpose);
        // RFC 9110, 13.2.2: If-None-Match takes the place of If-Modified-Since.
        return std::nullopt;
    }
    if (conditions.if_modified_since && last_modified <= *conditions.if_modified_since) {
        return unchanged(purpose);
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::blob::rules
