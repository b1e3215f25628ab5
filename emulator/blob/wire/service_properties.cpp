#include "emulator/blob/wire/service_properties.hpp"

#include "emulator/blob/wire/service_property_parts.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageErrorCode;
using codec::XmlElement;

constexpr std::string_view kDefaults =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><StorageServiceProperties>"
    "<Logging><Version>1.0</Version><Read>false</Read><Write>false</Write><Delete>false</Delete>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging>"
    "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>"
    "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>"
    "<Cors /><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"
    "<StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>";

// An emulator that says yes to these would leave its users without the logs and figures they wait for.
constexpr std::array<std::string_view, 3> kUnavailable{"Logging", "HourMetrics", "MinuteMetrics"};

void write(codec::XmlWriter& xml, XmlElement const& element) {
    if (element.children.empty()) {
        if (element.text.empty()) {
            xml.empty_element(element.name);
        } else {
            xml.element(element.name, element.text);
        }
        return;
    }
    xml.open(element.name);
    for (auto const& child : element.children)
        write(xml, child);
    xml.close();
}

bool is_switched_on(XmlElement const& part) {
    constexpr std::array<std::string_view, 4> kSwitches{"Enabled", "Read", "Write", "Delete"};
    return std::ranges::any_of(kSwitches, [&](auto name) { return member_text(part, name) == "true"; });
}

std::vector<std::string> words_of(XmlElement const& parent, std::string_view name) {
    std::vector<std::string> words;
    auto const text = member_text(parent, name);
    for (auto const word : base::split(text, ',')) {
        if (!base::trim(word).empty()) words.emplace_back(base::trim(word));
    }
    return words;
}

// A part of a stored document, empty where it has none.
XmlElement find_part(std::string_view stored, std::string_view name) {
    auto const document = codec::parse_xml(stored);
    auto const* const part = document ? document->find(name) : nullptr;
    return part == nullptr ? XmlElement{} : *part;
}

void replace_part(XmlElement& document, XmlElement part) {
    auto& children = document.children;
    auto const known = std::ranges::find(children, part.name, &XmlElement::name);
    if (known != children.end()) {
        *known = std::move(part);
        return;
    }
    children.push_back(std::move(part));
    std::ranges::stable_sort(children, {}, [](XmlElement const& child) { return order_of_part(child.name); });
}

std::string to_xml(XmlElement const& document) {
    codec::XmlWriter xml;
    write(xml, document);
    return std::move(xml).finish();
}

}  // namespace

std::string_view default_service_properties() {
    return kDefaults;
}

azure::StorageResult<std::string> merge_service_properties(std::string_view stored, std::string_view update) {
    auto const parts = codec::parse_xml(update);
    auto document = codec::parse_xml(stored);
    if (!parts || !document || parts->name != "StorageServiceProperties") {
        return StorageErrorCode::invalid_xml_document;
    }
    for (auto const& given : parts->children) {
        auto part = read_property_part(given);
        if (!part) return part.error();
        bool const is_unavailable = std::ranges::find(kUnavailable, part->name) != kUnavailable.end();
        if (is_unavailable && is_switched_on(*part)) {
            return azure::not_implemented("The service property " + part->name);
        }
        replace_part(*document, *std::move(part));
    }
    return to_xml(*document);
}

std::vector<CorsRule> cors_rules(std::string_view stored) {
    std::vector<CorsRule> rules;
    for (auto const& element : find_part(stored, "Cors").children) {
        CorsRule rule;
        rule.origins = words_of(element, "AllowedOrigins");
        rule.methods = words_of(element, "AllowedMethods");
        rule.allowed_headers = words_of(element, "AllowedHeaders");
        rule.exposed_headers = words_of(element, "ExposedHeaders");
        rule.max_age_seconds =
            base::parse_number<std::uint32_t>(member_text(element, "MaxAgeInSeconds")).value_or(0);
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::string default_service_version(std::string_view stored) {
    return std::string{base::trim(find_part(stored, "DefaultServiceVersion").text)};
}

StaticWebsite static_website(std::string_view stored) {
    auto const part = find_part(stored, "StaticWebsite");
    return {
        member_text(part, "Enabled") == "true",
        member_text(part, "IndexDocument"),
        member_text(part, "DefaultIndexDocumentPath"),
        member_text(part, "ErrorDocument404Path")};
}

SoftDeletePolicy soft_delete_policy(std::string_view stored) {
    auto const part = find_part(stored, "DeleteRetentionPolicy");
    if (member_text(part, "Enabled") != "true") return {};
    return {
        base::parse_number<std::int64_t>(member_text(part, "Days")),
        member_text(part, "AllowPermanentDelete") == "true"};
}

std::string with_soft_delete_policy(std::string_view stored, SoftDeletePolicy const& policy) {
    auto document = codec::parse_xml(stored);
    if (!document) return std::string{stored};
    XmlElement part{"DeleteRetentionPolicy", {}, {}};
    part.children.push_back({"Enabled", policy.days ? "true" : "false", {}});
    if (policy.days) part.children.push_back({"Days", std::to_string(*policy.days), {}});
    if (policy.allows_permanent_delete) part.children.push_back({"AllowPermanentDelete", "true", {}});
    replace_part(*document, std::move(part));
    return to_xml(*document);
}

}  // namespace bluebatch::emulator::blob::wire
