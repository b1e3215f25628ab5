#include "emulator/app/https.hpp"

#include "emulator/app/azure_hosts.hpp"
#include "emulator/app/own_certificate.hpp"

namespace bluebatch::emulator::app {

Https::Https(std::filesystem::path const& location, Options const& options, base::Clock& clock)
    : authority(open_authority(location, options.host, clock.now(), Renewal::when_due)),
      certificates(
          authority.authority, local_hosts(options.host), load(options.own_certificate, clock.now()), clock
      ) {}

std::future<std::unique_ptr<Https>> prepare_https(
    std::filesystem::path const& location, Options const& options, base::Clock& clock
) {
    return std::async(std::launch::async, [&] { return std::make_unique<Https>(location, options, clock); });
}

}  // namespace bluebatch::emulator::app
