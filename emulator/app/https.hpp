#pragma once

#include "emulator/app/certificate_store.hpp"
#include "emulator/app/local_authority.hpp"
#include "emulator/app/options.hpp"

#include <filesystem>
#include <future>
#include <memory>

namespace bluebatch::emulator::app {

// What HTTPS needs of a location: its authority, and the certificates made by it.
struct Https {
    // Clients judge certificates by the machine's time, which `clock` is to tell.
    Https(std::filesystem::path const& location, Options const& options, base::Clock& clock);

    LocalAuthority authority;
    CertificateStore certificates;
};

// On a thread of its own, because OpenSSL takes a few milliseconds to be ready, which a start can use for
// other things. Everything given must outlive what it gives.
std::future<std::unique_ptr<Https>> prepare_https(
    std::filesystem::path const& location, Options const& options, base::Clock& clock
);

}  // namespace bluebatch::emulator::app
