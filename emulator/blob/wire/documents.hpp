#pragma once

#include "emulator/blob/cases/blocks.hpp"
#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <string>
#include <string_view>
#include <vector>

// The XML bodies of requests, and of the answers that repeat them. InvalidXmlDocument and its kin.
namespace bluebatch::emulator::blob::wire {

azure::StorageResult<std::vector<cases::WantedBlock>> parse_block_list(std::string_view document);

azure::StorageResult<std::vector<store::AccessPolicy>> parse_policies(std::string_view document);
std::string to_xml(std::vector<store::AccessPolicy> const& policies);

}  // namespace bluebatch::emulator::blob::wire
