// Certificates and files of them, and how the Batch interface names them in paths.
#include "shared/base/x509.hpp"

#include "emulator/batch/wire/certificate_path.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

void check_certificate(base::Certificate const& certificate) {
    check(certificate.sha1.size() == 40, "a thumbprint is SHA-1", certificate.sha1);
    auto const again = base::parse_certificate(certificate.der);
    check(again && again->sha1 == certificate.sha1, "what was read is read again the same", certificate.sha1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    if (auto const certificate = base::parse_certificate(input)) check_certificate(*certificate);
    for (auto const* const password : {"", "secret"}) {
        auto const file = base::parse_pkcs12(input, password);
        if (!file) continue;
        for (auto const& certificate : *file)
            check_certificate(certificate);
    }
    auto const path = emulator::batch::wire::plain_certificate_path(input);
    check(!path || path->starts_with("/certificates()/"), "paths of certificates", input);
    return 0;
}

}  // namespace bluebatch::fuzz
