#pragma once

#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob::wire {

// What an account answers before anything was set.
std::string_view default_service_properties();

// The document that is stored once `update` has replaced its parts of `stored`; parts that it leaves out stay
// as they are. NotImplemented for switching on what the emulator does not have; InvalidXmlDocument.
azure::StorageResult<std::string> merge_service_properties(std::string_view stored, std::string_view update);

struct CorsRule {
    std::vector<std::string> origins;
    std::vector<std::string> methods;
    std::vector<std::string> allowed_headers;
    std::string exposed_headers;
    std::uint32_t max_age_seconds = 0;
};
std::vector<CorsRule> cors_rules(std::string_view stored);

}  // namespace bluebatch::emulator::blob::wire
