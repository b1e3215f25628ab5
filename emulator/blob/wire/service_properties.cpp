#include "emulator/blob/wire/service_properties.hpp"

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
    "<Logging><Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging>"
    "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>"
    "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>"
    "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>"
    "<Cors></Cors><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"
    "<StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>";

constexpr std::array<std::string_view, 7> kParts{
    "Logging",
    "HourMetrics",
    "MinuteMetrics",
    "Cors",
    "DefaultServiceVersion",
    "DeleteRetentionPolicy",
    "StaticWebsite"};
// Without them an emulator that says yes would lose data its users think is kept, or serve nothing.
constexpr std::array<std::string_view, 5> kUnavailable{
    "Logging", "HourMetrics", "MinuteMetrics", "DeleteRetentionPolicy", "StaticWebsite"};

void write(codec::XmlWriter& xml, XmlElement const& element) {
    if (element.children.empty()) {
        xml.element(element.name, element.text);
        return;
    }
    xml.open(element.name);
    for (auto const& child : element.children)
        write(xml, child);
    xml.close();
}

std::string text_of(XmlElement const& parent, std::string_view name) {
    auto const* const child = parent.find(name);
    return child == nullptr ? std::string{} : std::string{base::trim(child->text)};
}

bool is_switched_on(XmlElement const& part) {
    return base::equal_ignoring_case(text_of(part, "Enabled"), "true") ||
           base::equal_ignoring_case(text_of(part, "Read"), "true") ||
           base::equal_ignoring_case(text_of(part, "Write"), "true") ||
           base::equal_ignoring_case(text_of(part, "Delete"), "true");
}

std::vector<std::string> words_of(XmlElement const& parent, std::string_view name) {
    std::vector<std::string> words;
    auto const text = text_of(parent, name);
    for (auto const word : base::split(text, ',')) {
        if (!base::trim(word).empty()) words.emplace_back(base::trim(word));
    }
    return words;
}

}  // namespace

std::string_view default_service_properties() {
    return kDefaults;
}

azure::StorageResult<std::string> merge_service_properties(std::string_view stored, std::string_view update) {
    auto const parts = codec::parse_xml(update);
    auto base_document = codec::parse_xml(stored);
    if (!parts || !base_document || parts->name != "StorageServiceProperties") {
        return StorageErrorCode::invalid_xml_document;
    }
    for (auto const& part : parts->children) {
        if (std::ranges::find(kParts, part.name) == kParts.end())
            return StorageErrorCode::invalid_xml_document;
        bool const is_unavailable = std::ranges::find(kUnavailable, part.name) != kUnavailable.end();
        if (is_unavailable && is_switched_on(part))
            return azure::not_implemented("The service property " + part.name);
        auto& children = base_document->children;
        auto const known = std::ranges::find(children, part.name, &XmlElement::name);
        if (known == children.end()) {
            children.push_back(part);
        } else {
            *known = part;
        }
    }
    codec::XmlWriter xml;
    write(xml, *base_document);
    return std::move(xml).finish();
}

std::vector<CorsRule> cors_rules(std::string_view stored) {
    std::vector<CorsRule> rules;
    auto const document = codec::parse_xml(stored);
    auto const* const cors = document ? document->find("Cors") : nullptr;
    if (cors == nullptr) return rules;
    for (auto const& element : cors->children) {
        CorsRule rule;
        rule.origins = words_of(element, "AllowedOrigins");
        rule.methods = words_of(element, "AllowedMethods");
        rule.allowed_headers = words_of(element, "AllowedHeaders");
        rule.exposed_headers = text_of(element, "ExposedHeaders");
        rule.max_age_seconds =
            base::parse_number<std::uint32_t>(text_of(element, "MaxAgeInSeconds")).value_or(0);
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace bluebatch::emulator::blob::wire
