#include "emulator/blob/wire/service_property_parts.hpp"

#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/xml_faults.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;
using codec::XmlElement;

enum class Kind : std::uint8_t { boolean, analytics_version, version, days, seconds, text, retention };
enum class Needed : std::uint8_t { always, sometimes };

struct Member {
    std::string_view name;
    Kind kind;
    Needed needed;
};

constexpr std::array kRetention{
    Member{"Enabled", Kind::boolean, Needed::always},
    Member{"Days", Kind::days, Needed::sometimes},
};
constexpr std::array kLogging{
    Member{"Version", Kind::analytics_version, Needed::always},
    Member{"Read", Kind::boolean, Needed::always},
    Member{"Write", Kind::boolean, Needed::always},
    Member{"Delete", Kind::boolean, Needed::always},
    Member{"RetentionPolicy", Kind::retention, Needed::always},
};
constexpr std::array kMetrics{
    Member{"Version", Kind::analytics_version, Needed::always},
    Member{"Enabled", Kind::boolean, Needed::always},
    Member{"IncludeAPIs", Kind::boolean, Needed::sometimes},
    Member{"RetentionPolicy", Kind::retention, Needed::always},
};
constexpr std::array kCorsRule{
    Member{"AllowedMethods", Kind::text, Needed::always},
    Member{"AllowedOrigins", Kind::text, Needed::always},
    Member{"AllowedHeaders", Kind::text, Needed::sometimes},
    Member{"ExposedHeaders", Kind::text, Needed::sometimes},
    Member{"MaxAgeInSeconds", Kind::seconds, Needed::always},
};
constexpr std::array kDeleteRetention{
    Member{"Enabled", Kind::boolean, Needed::always},
    Member{"Days", Kind::days, Needed::sometimes},
    Member{"AllowPermanentDelete", Kind::boolean, Needed::sometimes},
};
constexpr std::array kStaticWebsite{
    Member{"Enabled", Kind::boolean, Needed::always},
    Member{"IndexDocument", Kind::text, Needed::sometimes},
    Member{"ErrorDocument404Path", Kind::text, Needed::sometimes},
    Member{"DefaultIndexDocumentPath", Kind::text, Needed::sometimes},
};

constexpr std::array<std::string_view, 7> kParts{
    "Logging",
    "HourMetrics",
    "MinuteMetrics",
    "Cors",
    "DefaultServiceVersion",
    "DeleteRetentionPolicy",
    "StaticWebsite"};

// Says what a value must be, or nothing when it is that.
std::string_view find_value_fault(std::string_view text, Kind kind) {
    constexpr std::uint32_t kMostDays = 365;
    switch (kind) {
        case Kind::boolean:
            return text == "true" || text == "false" ? "" : "It must be true or false.";
        case Kind::analytics_version:
            return text == "1.0" || text == "2.0" ? "" : "It must be 1.0 or 2.0.";
        case Kind::version:
            return is_version(text) ? "" : "It is no version of the service.";
        case Kind::days: {
            auto const days = base::parse_number<std::uint32_t>(text);
            return days && *days >= 1 && *days <= kMostDays ? "" : "It must be 1 to 365.";
        }
        case Kind::seconds:
            return base::parse_number<std::uint32_t>(text) ? "" : "It must be a number of seconds.";
        default:
            return "";
    }
}

StorageResult<XmlElement> read_members(XmlElement const& element, std::span<Member const> members);

StorageResult<XmlElement> read_retention(XmlElement const& element, std::span<Member const> members) {
    auto result = read_members(element, members);
    if (!result) return result;
    bool const is_enabled = member_text(*result, "Enabled") == "true";
    if (is_enabled && result->find("Days") == nullptr) return missing_node("Days");
    if (!is_enabled) {
        std::erase_if(result->children, [](XmlElement const& child) { return child.name == "Days"; });
    }
    return result;
}

StorageResult<XmlElement> read_value(XmlElement const& element, Kind kind) {
    if (kind == Kind::retention) return read_retention(element, kRetention);
    if (!element.children.empty()) return StorageErrorCode::invalid_xml_document;
    std::string text{base::trim(element.text)};
    if (kind == Kind::boolean) text = base::to_lower(text);
    if (auto const fault = find_value_fault(text, kind); !fault.empty()) {
        return azure::invalid_xml_node(element.name, text, fault);
    }
    return XmlElement{element.name, std::move(text), {}};
}

StorageResult<XmlElement> read_members(XmlElement const& element, std::span<Member const> members) {
    XmlElement result{element.name, {}, {}};
    std::size_t known = 0;
    for (auto const& [name, kind, needed] : members) {
        known += static_cast<std::size_t>(std::ranges::count(element.children, name, &XmlElement::name));
        auto const* const child = element.find(name);
        if (child == nullptr) {
            if (needed == Needed::always) return missing_node(name);
            continue;
        }
        auto value = read_value(*child, kind);
        if (!value) return value;
        result.children.push_back(*std::move(value));
    }
    bool const has_others = known != element.children.size() || known > members.size();
    if (has_others) return StorageErrorCode::invalid_xml_document;
    return result;
}

// At most 64 words of 256 letters, and of those with a star only as many as are allowed.
bool is_word_list(std::string_view text, std::ptrdiff_t most_stars) {
    constexpr std::size_t kMostWords = 64;
    constexpr std::size_t kLongest = 256;
    std::size_t count = 0;
    std::ptrdiff_t stars = 0;
    for (auto const part : base::split(text, ',')) {
        auto const word = base::trim(part);
        if (word.empty()) continue;
        if (word.size() > kLongest || std::ranges::count(word, '*') > 1) return false;
        bool const has_star = word.find('*') != std::string_view::npos && word.size() > 1;
        if (has_star) {
            ++stars;
        } else {
            ++count;
        }
    }
    return count <= kMostWords && stars <= most_stars;
}

bool are_methods(std::string_view text) {
    constexpr std::array<std::string_view, 8> kMethods{
        "DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH"};
    return std::ranges::all_of(base::split(text, ','), [&](std::string_view word) {
        return std::ranges::find(kMethods, base::trim(word)) != kMethods.end();
    });
}

StorageResult<XmlElement> read_cors_rule(XmlElement const& element) {
    constexpr std::ptrdiff_t kMostPrefixes = 2;
    constexpr std::ptrdiff_t kMostOriginPatterns = 64;
    if (element.name != "CorsRule") return StorageErrorCode::invalid_xml_document;
    auto rule = read_members(element, kCorsRule);
    if (!rule) return rule;
    auto const origins = member_text(*rule, "AllowedOrigins");
    if (origins.empty() || !is_word_list(origins, kMostOriginPatterns)) {
        return azure::invalid_xml_node("AllowedOrigins", origins, "It must list up to 64 origins.");
    }
    auto const methods = member_text(*rule, "AllowedMethods");
    if (!are_methods(methods)) return azure::invalid_xml_node("AllowedMethods", methods, "");
    for (auto const* const name : {"AllowedHeaders", "ExposedHeaders"}) {
        auto const headers = member_text(*rule, name);
        if (!is_word_list(headers, kMostPrefixes)) {
            return azure::invalid_xml_node(name, headers, "It must list up to 64 headers and 2 prefixes.");
        }
    }
    return rule;
}

StorageResult<XmlElement> read_cors(XmlElement const& element) {
    constexpr std::size_t kMostRules = 5;
    constexpr std::size_t kLargest = 2 << 10;
    XmlElement result{element.name, {}, {}};
    if (element.children.size() > kMostRules) return StorageErrorCode::invalid_xml_document;
    std::size_t size = 0;
    for (auto const& child : element.children) {
        auto rule = read_cors_rule(child);
        if (!rule) return rule;
        for (auto const& member : rule->children)
            size += member.text.size();
        result.children.push_back(*std::move(rule));
    }
    if (size > kLargest) return StorageErrorCode::invalid_xml_document;
    return result;
}

StorageResult<XmlElement> read_metrics(XmlElement const& element) {
    auto part = read_members(element, kMetrics);
    if (!part) return part;
    bool const is_enabled = member_text(*part, "Enabled") == "true";
    if (is_enabled && part->find("IncludeAPIs") == nullptr) return missing_node("IncludeAPIs");
    return part;
}

StorageResult<XmlElement> read_website(XmlElement const& element) {
    auto part = read_members(element, kStaticWebsite);
    if (!part) return part;
    auto const index = member_text(*part, "IndexDocument");
    if (!index.empty() && index.find('/') != std::string::npos) {
        return azure::invalid_xml_node("IndexDocument", index, "It is a name within a folder.");
    }
    if (!index.empty() && !member_text(*part, "DefaultIndexDocumentPath").empty()) {
        return azure::invalid_xml_node("IndexDocument", index, "It excludes DefaultIndexDocumentPath.");
    }
    return part;
}

}  // namespace

StorageResult<XmlElement> read_property_part(XmlElement const& part) {
    if (part.name == "Logging") return read_members(part, kLogging);
    if (part.name == "HourMetrics" || part.name == "MinuteMetrics") return read_metrics(part);
    if (part.name == "Cors") return read_cors(part);
    if (part.name == "DefaultServiceVersion") return read_value(part, Kind::version);
    if (part.name == "DeleteRetentionPolicy") return read_retention(part, kDeleteRetention);
    if (part.name == "StaticWebsite") return read_website(part);
    return StorageErrorCode::invalid_xml_document;
}

std::size_t order_of_part(std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(kParts, name) - kParts.begin());
}

std::string member_text(XmlElement const& part, std::string_view name) {
    auto const* const child = part.find(name);
    return child == nullptr ? std::string{} : std::string{base::trim(child->text)};
}

}  // namespace bluebatch::emulator::blob::wire
