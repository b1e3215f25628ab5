#pragma once

#include "shared/base/certified_key.hpp"
#include "shared/base/time.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace bluebatch::emulator::app {

// A certificate that the user brings, as Azurite takes them: certificates and key in PEM, or a PKCS #12 file,
// which holds both.
struct OwnCertificate {
    std::filesystem::path certificate;  // empty: none
    std::filesystem::path key;          // empty: PKCS #12
    std::string password;               // of the key or of the PKCS #12 file
};

// Nothing when none is given. Throws std::runtime_error with what is wrong with which file; warns when it has
// ended.
std::optional<base::CertifiedKey> load(OwnCertificate const& own, base::TimePoint now);

}  // namespace bluebatch::emulator::app
