#include "emulator/blob/wire/documents.hpp"

#include "emulator/blob/rules/names.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

std::optional<cases::BlockSource> parse_source(std::string_view name) {
    if (name == "Latest") return cases::BlockSource::latest;
    if (name == "Committed") return cases::BlockSource::committed;
    if (name == "Uncommitted") return cases::BlockSource::uncommitted;
    return std::nullopt;
}

std::optional<std::string> find_text(codec::XmlElement const& parent, std::string_view name) {
    auto const* const element = parent.find(name);
    if (element == nullptr) return std::nullopt;
    auto const text = base::trim(element->text);
    if (text.empty()) return std::nullopt;
    return std::string{text};
}

StorageResult<store::AccessPolicy> parse_policy(codec::XmlElement const& element) {
    constexpr std::size_t kLongestId = 64;
    store::AccessPolicy policy;
    policy.id = find_text(element, "Id").value_or("");
    if (policy.id.empty() || policy.id.size() > kLongestId) {
        return azure::invalid_xml_node("Id", policy.id, "It must have 1 to 64 characters.");
    }
    auto const* const access = element.find("AccessPolicy");
    if (access == nullptr) return policy;
    policy.start = find_text(*access, "Start");
    policy.expiry = find_text(*access, "Expiry");
    policy.permission = find_text(*access, "Permission");
    for (auto const& time : {policy.start, policy.expiry}) {
        if (time && !azure::parse_sas_time(*time))
            return azure::invalid_xml_node("AccessPolicy", *time, "It is no time.");
    }
    return policy;
}

}  // namespace

StorageResult<std::vector<cases::WantedBlock>> parse_block_list(std::string_view document) {
    auto const root = codec::parse_xml(document);
    if (!root || root->name != "BlockList" || !base::trim(root->text).empty())
        return StorageErrorCode::invalid_xml_document;
    if (root->children.size() > cases::kMaxCommittedBlocks) return StorageErrorCode::block_list_too_long;
    std::vector<cases::WantedBlock> blocks;
    blocks.reserve(root->children.size());
    for (auto const& child : root->children) {
        auto const source = parse_source(child.name);
        if (!source) return StorageErrorCode::invalid_xml_document;
        auto const id = base::trim(child.text);
        if (!rules::check_block_id(id)) return StorageErrorCode::invalid_block_id;
        blocks.push_back({*source, std::string{id}});
    }
    return blocks;
}

StorageResult<std::vector<store::AccessPolicy>> parse_policies(std::string_view document) {
    constexpr std::size_t kMost = 5;
    std::vector<store::AccessPolicy> policies;
    if (base::trim(document).empty()) return policies;
    auto const root = codec::parse_xml(document);
    if (!root || root->name != "SignedIdentifiers") return StorageErrorCode::invalid_xml_document;
    for (auto const& child : root->children) {
        auto policy = parse_policy(child);
        if (!policy) return policy.error();
        policies.push_back(*std::move(policy));
    }
    if (policies.size() > kMost) return StorageErrorCode::invalid_xml_document;
    return policies;
}

std::string to_xml(std::vector<store::AccessPolicy> const& policies) {
    codec::XmlWriter xml;
    xml.open("SignedIdentifiers");
    for (auto const& policy : policies) {
        xml.open("SignedIdentifier");
        xml.element("Id", policy.id);
        xml.open("AccessPolicy");
        if (policy.start) xml.element("Start", *policy.start);
        if (policy.expiry) xml.element("Expiry", *policy.expiry);
        if (policy.permission) xml.element("Permission", *policy.permission);
        xml.close();
        xml.close();
    }
    xml.close();
    return std::move(xml).finish();
}

}  // namespace bluebatch::emulator::blob::wire
