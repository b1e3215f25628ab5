#pragma once

#include "shared/base/certificate_authority.hpp"
#include "shared/base/time.hpp"

#include <filesystem>
#include <string>

namespace bluebatch::emulator::app {

// The authority of one location: LOCATION/ca holds ca.pem, which clients are to trust, and ca.key, which
// nobody but its owner may read.
struct LocalAuthority {
    base::CertificateAuthority authority;
    std::filesystem::path certificate;
};

// Whether another takes the place of one that is about to end: only for who holds the location, because an
// emulator that runs goes on with the one that it has read.
enum class Renewal { when_due, never };

// Makes it unless it is there; both files appear at once. `listening` is the address that the emulator
// listens on. Throws std::runtime_error with what to do when what is there can't be used.
LocalAuthority open_authority(
    std::filesystem::path const& location, std::string const& listening, base::TimePoint now, Renewal renewal
);

}  // namespace bluebatch::emulator::app
