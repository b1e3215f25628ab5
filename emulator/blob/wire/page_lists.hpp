#pragma once

#include "emulator/blob/cases/pages.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// The XML of the lists of pages.
namespace bluebatch::emulator::blob::wire {

std::string page_list(cases::PageList const& list);
// Where a page of such a list begins; InvalidQueryParameterValue when no list of ours gave it out.
azure::StorageResult<std::uint64_t> parse_page_marker(std::string_view marker);

}  // namespace bluebatch::emulator::blob::wire
