#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::node {

// Where the emulator's own Blob service listens.
struct BlobEndpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: there is none
    std::vector<std::string> accounts;
};

// Whether a URL means the emulator's own Blob service: its address, ACCOUNT.blob.localhost at its port, or
// ACCOUNT.blob.core.windows.net for an account of ours (which is never asked for over the network).
bool is_own(BlobEndpoint const& endpoint, std::string_view url);

}  // namespace bluebatch::emulator::node
