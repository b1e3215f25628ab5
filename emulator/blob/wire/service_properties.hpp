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
// as they are. NotImplemented for switching on what the emulator does not have; InvalidXmlDocument,
// InvalidXmlNodeValue, MissingRequiredXmlNode.
azure::StorageResult<std::string> merge_service_properties(std::string_view stored, std::string_view update);

// What is stored, read back. Each has its default where the document says nothing.
struct CorsRule {
    std::vector<std::string> origins;
    std::vector<std::string> methods;
    std::vector<std::string> allowed_headers;
    std::vector<std::string> exposed_headers;
    std::uint32_t max_age_seconds = 0;
};
std::vector<CorsRule> cors_rules(std::string_view stored);

// "2021-12-02", or empty.
std::string default_service_version(std::string_view stored);

struct StaticWebsite {
    bool is_enabled = false;
    std::string index_document;      // "index.html", of each folder
    std::string default_index_path;  // "pages/home.html", instead of one in each folder
    std::string error_document;      // "404.html"
};
StaticWebsite static_website(std::string_view stored);

struct SoftDeletePolicy {
    std::optional<std::int64_t> days;  // empty: off
    bool allows_permanent_delete = false;
};
SoftDeletePolicy soft_delete_policy(std::string_view stored);
// The document with this policy in the place of its own.
std::string with_soft_delete_policy(std::string_view stored, SoftDeletePolicy const& policy);

}  // namespace bluebatch::emulator::blob::wire
