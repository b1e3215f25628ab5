#pragma once

#include "client/api/pipeline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::client {

// How much of each a Batch account may have; nothing where another, as the subscription, says how much.
struct BatchQuotas {
    std::optional<std::int64_t> pools;
    std::optional<std::int64_t> active_jobs_and_schedules;
    std::optional<std::int64_t> dedicated_cores;
    std::optional<std::int64_t> spot_cores;
};

// The part of Azure Resource Manager that says what an account may have.
class ManagerClient {
public:
    ManagerClient(Pipeline const& pipeline, std::string endpoint, CallOptions options)
        : pipeline_(pipeline), endpoint_(std::move(endpoint)), options_(std::move(options)) {}

    // Of the Batch account with that endpoint, wherever it is among what the caller may see; nothing when it
    // is nowhere. Names of accounts are not enough: each region may have one.
    ApiResult<std::optional<BatchQuotas>> find_quotas(std::string_view batch_endpoint) const;

private:
    Pipeline const& pipeline_;
    std::string endpoint_;  // "https://management.azure.com"
    CallOptions options_;
};

}  // namespace bluebatch::client
