// XML bodies of requests for blobs, and the markers of lists.
#include "emulator/blob/delegation_keys.hpp"
#include "emulator/blob/rules/names.hpp"
#include "emulator/blob/wire/delegation.hpp"
#include "emulator/blob/wire/documents.hpp"
#include "emulator/blob/wire/lists.hpp"
#include "emulator/blob/wire/page_lists.hpp"
#include "emulator/blob/wire/service_properties.hpp"
#include "shared/codec/xml.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

namespace blob = emulator::blob;
namespace wire = blob::wire;

void check_block_list(std::string_view input) {
    auto const blocks = wire::parse_block_list(input);
    if (!blocks) return;
    check(blocks->size() <= blob::cases::kMaxCommittedBlocks, "a bounded number of blocks", input);
    for (auto const& block : *blocks)
        check(blob::rules::check_block_id(block.id).has_value(), "ids of blocks are base64", block.id);
}

void check_policies(std::string_view input) {
    auto const policies = wire::parse_policies(input);
    if (!policies) return;
    auto const text = wire::to_xml(*policies);
    check(codec::is_xml_text(text), "answers are XML that others can read", text);
    auto const again = wire::parse_policies(text);
    check(again && wire::to_xml(*again) == text, "policies come back as they were set", text);
}

void check_properties(std::string_view input) {
    auto const merged = wire::merge_service_properties(wire::default_service_properties(), input);
    if (!merged) return;
    check(codec::is_xml_text(*merged), "answers are XML that others can read", *merged);
    auto const again = wire::merge_service_properties(*merged, input);
    check(again && *again == *merged, "setting the same properties twice changes nothing", *merged);
    wire::cors_rules(*merged);
}

void check_key_info(std::string_view input) {
    auto const now = base::parse_iso8601("2024-01-01T12:00:00Z").value();
    auto const info = wire::parse_key_info(input, now);
    if (!info) return;
    check(info->start < info->expiry && now < info->expiry, "a key can be used", input);
    check(info->expiry - now <= blob::kLongestDelegation, "a key does not last for ever", input);
    azure::UserDelegationKey const key{
        "o",
        "t",
        base::to_iso8601(info->start, 0),
        base::to_iso8601(info->expiry, 0),
        "b",
        "v",
        info->delegated_tenant_id,
        {}};
    check(codec::is_xml_text(wire::to_xml(key)), "answers are XML that others can read", input);
    check(blob::DelegationKeys{"secret"}.value_of("account", key).has_value(), "a key has a value", input);
}

void check_marker(std::string_view input) {
    wire::parse_marker(input);
    wire::parse_page_marker(input);
    auto const name = wire::parse_marker(wire::to_marker(input));
    check(name && *name == input, "a list goes on where it ended", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_block_list(input);
    check_policies(input);
    check_properties(input);
    check_key_info(input);
    check_marker(input);
    return 0;
}

}  // namespace bluebatch::fuzz
