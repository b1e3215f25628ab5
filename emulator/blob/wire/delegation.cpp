#include "emulator/blob/wire/delegation.hpp"

#include "emulator/blob/delegation_keys.hpp"
#include "emulator/blob/wire/xml_faults.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::array<std::string_view, 3> kNodes{"Start", "Expiry", "DelegatedUserTid"};

std::string_view text_of(codec::XmlElement const& root, std::string_view name) {
    auto const* const element = root.find(name);
    return element == nullptr ? std::string_view{} : base::trim(element->text);
}

}  // namespace

StorageResult<KeyInfo> parse_key_info(std::string_view document, base::TimePoint now) {
    auto const root = codec::parse_xml(document);
    if (!root || root->name != "KeyInfo") return StorageErrorCode::invalid_xml_document;
    bool const is_known = std::ranges::all_of(root->children, [](codec::XmlElement const& child) {
        return std::ranges::find(kNodes, child.name) != kNodes.end();
    });
    if (!is_known) return StorageErrorCode::invalid_xml_document;

    auto const start_text = text_of(*root, "Start");
    auto const expiry_text = text_of(*root, "Expiry");
    if (expiry_text.empty()) {
        return StorageError{StorageErrorCode::missing_required_xml_node, {{"XmlNodeName", "Expiry"}}};
    }
    auto const start = start_text.empty() ? now : azure::parse_sas_time(start_text);
    if (!start) return invalid_node("Start", start_text, "It is no time.");
    auto const expiry = azure::parse_sas_time(expiry_text);
    if (!expiry) return invalid_node("Expiry", expiry_text, "It is no time.");
    if (*expiry <= *start || *expiry <= now) {
        return invalid_node("Expiry", expiry_text, "It must come after the start, and after now.");
    }
    if (*expiry - now > kLongestDelegation) {
        return invalid_node("Expiry", expiry_text, "It must be within seven days of now.");
    }
    return KeyInfo{*start, *expiry, std::string{text_of(*root, "DelegatedUserTid")}};
}

std::string to_xml(azure::UserDelegationKey const& key) {
    codec::XmlWriter xml;
    xml.open("UserDelegationKey");
    xml.element("SignedOid", key.object_id);
    xml.element("SignedTid", key.tenant_id);
    xml.element("SignedStart", key.start);
    xml.element("SignedExpiry", key.expiry);
    xml.element("SignedService", key.service);
    xml.element("SignedVersion", key.version);
    if (!key.delegated_tenant_id.empty()) xml.element("SignedDelegatedUserTid", key.delegated_tenant_id);
    xml.element("Value", key.value_base64);
    xml.close();
    return std::move(xml).finish();
}

}  // namespace bluebatch::emulator::blob::wire
