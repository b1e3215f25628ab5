#pragma once

#include <string_view>

// A resource manager for development, in the place of management.azure.com.
namespace bluebatch::emulator::resources {

// The one that there is; `bluebatch run` gives it to programs as AZURE_SUBSCRIPTION_ID.
inline constexpr std::string_view kSubscription = "b1ebac00-0000-4000-8000-00000000005b";
inline constexpr std::string_view kSubscriptionName = "Bluebatch";

// Where accounts lie that nobody made through the resource manager.
inline constexpr std::string_view kOwnGroup = "bluebatch";
inline constexpr std::string_view kOwnLocation = "eastus";

}  // namespace bluebatch::emulator::resources
