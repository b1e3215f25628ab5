#pragma once

#include "emulator/resources/routes/call.hpp"

namespace bluebatch::emulator::resources::routes {

inline constexpr std::size_t kMostBatchAccounts = 50;  // of a subscription
inline constexpr std::string_view kBadBatchAccountName =
    "Account name must be at least 3 characters and at most 24 characters.";

Json to_json(Call const& call, service::Account const& account);

}  // namespace bluebatch::emulator::resources::routes
