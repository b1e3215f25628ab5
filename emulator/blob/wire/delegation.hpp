#pragma once

#include "shared/azure/storage_error.hpp"
#include "shared/azure/storage_sas.hpp"

#include <string>
#include <string_view>

// The documents of Get User Delegation Key.
namespace bluebatch::emulator::blob::wire {

struct KeyInfo {
    base::TimePoint start;
    base::TimePoint expiry;
    std::string delegated_tenant_id;  // empty: for users of the same tenant
};

// InvalidXmlDocument; InvalidXmlNodeValue for times that a key can't have `now`. Without a start, it is now.
azure::StorageResult<KeyInfo> parse_key_info(std::string_view document, base::TimePoint now);

std::string to_xml(azure::UserDelegationKey const& key);

}  // namespace bluebatch::emulator::blob::wire
