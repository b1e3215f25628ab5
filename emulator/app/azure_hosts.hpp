#pragma once

#include "shared/base/certificate_authority.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::app {

// Services that are told apart by their hosts.
enum class HostedService : std::uint8_t { blob, batch, identity, resources };

// Whose host that is, in the cloud or below .localhost; nothing for any other. `authority` is a Host
// header's: in any case, with or without a port.
std::optional<HostedService> service_of(std::string_view authority);

// Whether the emulator's own authority certifies a host that a client asks for by SNI, in small letters:
// names of this machine, and those of Azure's hosts that programs use.
bool is_certified(std::string_view host);

// Names and addresses that clients on this machine use without naming a host of Azure.
// `listening` is what the emulator listens on.
std::vector<std::string> local_hosts(std::string const& listening);

// All that the authority may ever certify.
base::PermittedHosts permitted_hosts(std::string const& listening);

}  // namespace bluebatch::emulator::app
