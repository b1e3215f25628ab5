#pragma once

#include "emulator/resources/wire/answers.hpp"

#include <string>
#include <string_view>

// Signatures that the resource manager makes for those who may list keys, without '?'.
namespace bluebatch::emulator::resources::wire {

Result<std::string> account_sas(Json const& body, std::string_view account, std::string_view key_base64);
Result<std::string> service_sas(Json const& body, std::string_view account, std::string_view key_base64);

}  // namespace bluebatch::emulator::resources::wire
