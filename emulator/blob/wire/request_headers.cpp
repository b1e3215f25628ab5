#include "emulator/blob/wire/request_headers.hpp"

#include "emulator/blob/rules/names.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::string_view kMetadataPrefix = "x-ms-meta-";

StorageResult<std::optional<base::TimePoint>> read_date(
    http::Headers const& headers, std::string const& name
) {
    auto const value = headers.find(name);
    if (!value || value->empty()) return std::nullopt;
    auto const time = base::parse_rfc1123(*value);
    if (!time) return azure::invalid_header(name, *value);
    return time;
}

std::optional<std::string> read_text(http::Headers const& headers, std::string const& name) {
    auto const value = headers.find(name);
    if (!value || value->empty()) return std::nullopt;
    return std::string{*value};
}

StorageResult<std::string> read_guid(http::Headers const& headers, std::string_view name) {
    std::string id{headers.get(name)};
    if (!id.empty() && !rules::is_guid(id)) return azure::invalid_header(name, id);
    if (id.starts_with('{')) id = id.substr(1, id.size() - 2);
    return id;
}

StorageResult<std::optional<std::int64_t>> read_seconds(
    http::Headers const& headers, std::string_view name, std::int64_t least, std::int64_t most
) {
    auto const text = headers.find(name);
    if (!text) return std::nullopt;
    auto const seconds = base::parse_number<std::int64_t>(*text);
    bool const is_allowed =
        seconds && ((*seconds >= least && *seconds <= most) || (*seconds == -1 && least > 0));
    if (!is_allowed) return azure::invalid_header(name, *text);
    return seconds;
}

StorageResult<std::optional<rules::TagCondition>> read_tag_condition(
    http::Headers const& headers, std::string const& name
) {
    auto const text = headers.find(name);
    if (!text || text->empty()) return std::nullopt;
    auto condition = rules::parse_tag_condition(*text);
    if (condition) return *std::move(condition);
    auto error = azure::invalid_header(name, *text);
    error.details.emplace_back("Reason", condition.error().what);
    return error;
}

struct ActionName {
    std::string_view name;
    rules::LeaseAction action;
};
constexpr std::array kActions{
    ActionName{"acquire", rules::LeaseAction::acquire},
    ActionName{"renew", rules::LeaseAction::renew},
    ActionName{"change", rules::LeaseAction::change},
    ActionName{"release", rules::LeaseAction::release},
    ActionName{"break", rules::LeaseAction::break_},
};

}  // namespace

StorageResult<rules::Conditions> read_conditions(http::Headers const& headers, std::string_view prefix) {
    std::string const start{prefix};
    rules::Conditions conditions;
    conditions.if_match = read_text(headers, start + "If-Match");
    conditions.if_none_match = read_text(headers, start + "If-None-Match");
    auto const modified = read_date(headers, start + "If-Modified-Since");
    if (!modified) return modified.error();
    conditions.if_modified_since = *modified;
    auto const unmodified = read_date(headers, start + "If-Unmodified-Since");
    if (!unmodified) return unmodified.error();
    conditions.if_unmodified_since = *unmodified;
    auto tags = read_tag_condition(headers, prefix.empty() ? "x-ms-if-tags" : start + "if-tags");
    if (!tags) return tags.error();
    conditions.if_tags = *std::move(tags);
    return conditions;
}

StorageResult<std::string> read_lease_id(http::Headers const& headers, std::string_view name) {
    return read_guid(headers, name);
}

StorageResult<Guard> read_tag_guard(http::Headers const& headers) {
    auto tags = read_tag_condition(headers, "x-ms-if-tags");
    if (!tags) return tags.error();
    auto lease_id = read_lease_id(headers);
    if (!lease_id) return lease_id.error();
    return Guard{{.if_tags = *std::move(tags)}, *std::move(lease_id)};
}

StorageResult<Guard> read_guard(http::Headers const& headers) {
    auto conditions = read_conditions(headers);
    if (!conditions) return conditions.error();
    auto lease_id = read_lease_id(headers);
    if (!lease_id) return lease_id.error();
    auto encryption = read_encryption(headers);
    if (!encryption) return encryption.error();
    return Guard{*std::move(conditions), *std::move(lease_id), *std::move(encryption)};
}

bool has_metadata(http::Headers const& headers) {
    return std::any_of(headers.begin(), headers.end(), [](auto const& field) {
        return base::starts_with_ignoring_case(field.name, kMetadataPrefix);
    });
}

StorageResult<store::Metadata> read_metadata(http::Headers const& headers) {
    store::Metadata metadata;
    for (auto const& field : headers) {
        if (!base::starts_with_ignoring_case(field.name, kMetadataPrefix)) continue;
        auto const name = field.name.substr(kMetadataPrefix.size());
        auto const known = std::ranges::find_if(metadata, [&](auto const& pair) {
            return base::equal_ignoring_case(pair.first, name);
        });
        if (known != metadata.end()) {
            known->second.append(",").append(field.value);
        } else {
            metadata.emplace_back(name, field.value);
        }
    }
    if (auto const fault = rules::find_metadata_fault(metadata)) return *fault;
    return metadata;
}

StorageResult<std::optional<std::string>> read_md5(http::Headers const& headers, std::string_view name) {
    constexpr std::size_t kMd5Size = 16;
    auto const text = headers.find(name);
    if (!text || text->empty()) return std::nullopt;
    auto digest = base::parse_base64(*text);
    if (!digest || digest->size() != kMd5Size) return StorageErrorCode::invalid_md5;
    return digest;
}

StorageResult<std::optional<std::string>> read_crc64(http::Headers const& headers, std::string_view name) {
    constexpr std::size_t kCrc64Size = 8;
    auto const text = headers.find(name);
    if (!text || text->empty()) return std::nullopt;
    auto sum = base::parse_base64(*text);
    if (!sum || sum->size() != kCrc64Size) return StorageErrorCode::invalid_crc64;
    return sum;
}

StorageResult<store::ContentHeaders> read_content_headers(http::Headers const& headers, PlainHeaders plain) {
    auto const read = [&](std::string const& name, std::string const& plain_name) -> std::string {
        if (auto const value = headers.find("x-ms-blob-" + name)) return std::string{*value};
        if (plain == PlainHeaders::ignored) return {};
        return std::string{headers.get(plain_name)};
    };
    store::ContentHeaders content;
    if (auto type = read("content-type", "Content-Type"); !type.empty()) content.type = std::move(type);
    content.encoding = read("content-encoding", "Content-Encoding");
    content.language = read("content-language", "Content-Language");
    content.cache_control = read("cache-control", "Cache-Control");
    // Put Blob has no plain Content-Disposition.
    content.disposition = headers.get("x-ms-blob-content-disposition");
    // Lists show them, and XML has no way to write other bytes.
    for (auto const* const text :
         {&content.type,
          &content.encoding,
          &content.language,
          &content.cache_control,
          &content.disposition}) {
        if (!codec::is_xml_text(*text)) return azure::invalid_header("x-ms-blob-content-*", "");
    }
    auto md5 = read_md5(headers, "x-ms-blob-content-md5");
    if (!md5) return md5.error();
    content.md5 = *std::move(md5);
    return content;
}

StorageResult<std::optional<bool>> read_flag(http::Headers const& headers, std::string_view name) {
    auto const text = headers.find(name);
    if (!text) return std::optional<bool>{};
    if (base::equal_ignoring_case(*text, "true")) return std::optional{true};
    if (base::equal_ignoring_case(*text, "false")) return std::optional{false};
    return azure::invalid_header(name, *text);
}

StorageResult<std::optional<std::string>> read_tier(http::Headers const& headers) {
    constexpr std::array<std::string_view, 4> kTiers{"Hot", "Cool", "Cold", "Archive"};
    auto const text = headers.find("x-ms-access-tier");
    if (!text) return std::nullopt;
    for (auto const tier : kTiers) {
        if (base::equal_ignoring_case(tier, *text)) return std::string{tier};
    }
    return azure::invalid_header("x-ms-access-tier", *text);
}

StorageResult<store::PublicAccess> read_public_access(http::Headers const& headers) {
    auto const text = headers.get("x-ms-blob-public-access");
    if (text.empty()) return store::PublicAccess::none;
    if (base::equal_ignoring_case(text, "container")) return store::PublicAccess::container;
    if (base::equal_ignoring_case(text, "blob")) return store::PublicAccess::blob;
    return azure::invalid_header("x-ms-blob-public-access", text);
}

StorageResult<rules::LeaseRequest> read_lease_request(
    http::Headers const& headers, std::string_view version, base::Random& random
) {
    // Before leases had durations of their own, they were for a minute.
    constexpr std::string_view kFirstWithDurations = "2012-02-12";
    constexpr std::int64_t kShortest = 15;
    constexpr std::int64_t kLongest = 60;
    auto const text = headers.get("x-ms-lease-action");
    if (text.empty()) return azure::missing_header("x-ms-lease-action");
    auto const known = std::ranges::find_if(kActions, [&](auto const& row) {
        return base::equal_ignoring_case(row.name, text);
    });
    if (known == kActions.end()) return azure::invalid_header("x-ms-lease-action", text);
    rules::LeaseRequest request;
    request.action = known->action;

    auto lease_id = read_lease_id(headers);
    if (!lease_id) return lease_id.error();
    request.lease_id = *std::move(lease_id);
    auto proposed = read_guid(headers, "x-ms-proposed-lease-id");
    if (!proposed) return proposed.error();
    request.proposed_id = *std::move(proposed);
    auto const duration = read_seconds(headers, "x-ms-lease-duration", kShortest, kLongest);
    if (!duration) return duration.error();
    auto const period = read_seconds(headers, "x-ms-lease-break-period", 0, kLongest);
    if (!period) return period.error();
    request.break_seconds = *period;

    using enum rules::LeaseAction;
    if (request.action == acquire) {
        bool const has_durations = version >= kFirstWithDurations;
        if (!*duration && has_durations) return azure::missing_header("x-ms-lease-duration");
        auto const seconds = duration->value_or(kLongest);
        if (seconds != -1) request.seconds = seconds;
        if (request.proposed_id.empty()) request.proposed_id = random.guid();
    } else if (request.action != break_ && request.lease_id.empty()) {
        return azure::missing_header("x-ms-lease-id");
    }
    if (request.action == change && request.proposed_id.empty()) {
        return azure::missing_header("x-ms-proposed-lease-id");
    }
    return request;
}

}  // namespace bluebatch::emulator::blob::wire
