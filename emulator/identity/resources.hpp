#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::identity {

// Whether tokens are given for a service of Azure, which its URL or the id of its application names.
bool is_resource(std::string_view resource);

// What a list of scopes asks for.
struct Scopes {
    std::string resource;              // empty: none is named
    bool is_default = false;           // "RESOURCE/.default"
    bool wants_id_token = false;       // "openid"
    bool wants_refresh_token = false;  // "offline_access"
};
Scopes parse_scopes(std::string_view text);

}  // namespace bluebatch::emulator::identity
