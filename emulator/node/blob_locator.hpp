#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::node {

// Where the emulator's own Blob service listens.
struct BlobEndpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                               // 0: there is none
    std::function<bool(std::string_view)> has_account{};  // of a name in lower case; empty: none
};

// Whether a URL means the emulator's own Blob service: its address, ACCOUNT.blob.localhost at its port, or
// ACCOUNT.blob.core.windows.net for an account of ours (which is never asked for over the network).
bool is_own(BlobEndpoint const& endpoint, std::string_view url);

struct OwnContainer {
    std::string account;
    std::string container;
};

// The container of such a URL, or of a blob in it. URLs of the root container, which leave its name out, have
// none.
std::optional<OwnContainer> find_own_container(BlobEndpoint const& endpoint, std::string_view url);

}  // namespace bluebatch::emulator::node
