#pragma once

#include <string>
#include <vector>

namespace bluebatch::emulator::blob {

struct BlobAccount {
    std::string name;
    std::vector<std::string> keys_base64;  // one or two
};

}  // namespace bluebatch::emulator::blob
