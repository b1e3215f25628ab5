#pragma once

#include "emulator/blob/rules/tag_filter.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::blob::rules {

struct Conditions {
    std::optional<std::string> if_match{};
    std::optional<std::string> if_none_match{};
    std::optional<base::TimePoint> if_modified_since{};
    std::optional<base::TimePoint> if_unmodified_since{};
    std::optional<TagCondition> if_tags{};

    bool empty() const {
        return !if_match && !if_none_match && !if_modified_since && !if_unmodified_since && !if_tags;
    }
};

struct Entity {
    base::TimePoint etag;
    base::TimePoint last_modified;
    Tags const* tags = nullptr;  // none
};

// A read that fails If-None-Match or If-Modified-Since is "not modified"; a write is refused, and one that
// may make the blob says that it exists; the source of a copy has error codes of its own.
enum class Purpose : std::uint8_t { read, write, create, source };

bool is_write(Purpose purpose);

// Writes take one condition besides the one on tags, or an entity tag with a date, which then decides
// nothing: MultipleConditionHeadersNotSupported. For reads one of If-None-Match and If-Modified-Since is
// enough. Why the request must not go on; nothing when it may. No entity: the write would create it.
std::optional<azure::StorageErrorCode> find_unmet_condition(
    Conditions const& conditions, std::optional<Entity> const& entity, Purpose purpose
);

}  // namespace bluebatch::emulator::blob::rules
