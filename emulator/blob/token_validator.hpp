#pragma once

#include "shared/azure/bearer_token.hpp"

#include <memory>
#include <string_view>

namespace bluebatch::emulator::blob {

// Whether a token for `audience` opens the account: it names Azure Storage as a whole, or the account's Blob
// service.
bool is_audience_of(std::string_view account, std::string_view audience);

// `--oauth basic`: form, issuer, audience and times must be those of a token of Microsoft Entra ID for this
// account. Who signed it is not checked, and every token that passes may do everything that tokens can.
std::shared_ptr<azure::TokenValidator const> make_basic_token_validator();

}  // namespace bluebatch::emulator::blob
