#pragma once

#include "emulator/domain/account_table.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::blob {

struct BlobAccount {
    std::string name;
    std::vector<std::string> keys_base64;  // one or two
    bool is_for_guests = false;            // made for one; nobody knows his key
};

using BlobAccounts = domain::AccountTable<BlobAccount>;

}  // namespace bluebatch::emulator::blob
