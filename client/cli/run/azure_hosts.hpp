#pragma once

#include "shared/http/connect_proxy.hpp"

#include <cstdint>
#include <string_view>

namespace bluebatch::cli {

// What a host is to a program that runs on the emulator.
enum class HostKind : std::uint8_t {
    emulated,    // the emulator answers for it
    unemulated,  // of Azure, and the emulator has no such service
    loopback,    // this machine
    foreign,     // everybody else's
};
HostKind kind_of_host(std::string_view host);

}  // namespace bluebatch::cli
