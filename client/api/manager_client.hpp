#pragma once

#include "client/api/pipeline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::client {

// How much of each a Batch account may have.
struct BatchQuotas {
    std::int64_t pools = 0;
    std::int64_t active_jobs = 0;
    std::int64_t dedicated_cores = 0;
    std::int64_t spot_cores = 0;
};

// The part of Azure Resource Manager that says what an account may have.
class ManagerClient {
public:
    ManagerClient(Pipeline const& pipeline, std::string endpoint, CallOptions options)
        : pipeline_(pipeline), endpoint_(std::move(endpoint)), options_(std::move(options)) {}

    // Of the Batch account of that name, wherever it is among what the caller may see; nothing when it is
    // nowhere.
    ApiResult<std::optional<BatchQuotas>> find_quotas(std::string_view account) const;

private:
    Pipeline const& pipeline_;
    std::string endpoint_;  // "https://management.azure.com"
    CallOptions options_;
};

}  // namespace bluebatch::client
