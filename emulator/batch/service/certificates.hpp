#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/certificate.hpp"

#include <string_view>
#include <vector>

namespace bluebatch::emulator::batch::service {

// A certificate, and the first of the pools that keep it from being deleted.
struct CertificateInUse {
    domain::Certificate certificate;
    std::vector<std::string> pools;
};

// `body` has passed its table. InvalidPropertyValue, CertificateExists, CertificateBeingDeleted.
Result<domain::Certificate> add_certificate(Context const& context, wire::Json const& body);

// All of these: CertificateNotFound, also for another algorithm than SHA-1.
Result<CertificateInUse> get_certificate(
    Context const& context, std::string_view algorithm, std::string_view thumbprint
);
// CertificateBeingDeleted. The deletion takes a moment, and fails if a pool refers to it. Batch: CERT-2
Result<void> delete_certificate(
    Context const& context, std::string_view algorithm, std::string_view thumbprint
);
// CertificateBeingDeleted, CertificateStateActive: only what failed can be taken back. Batch: CERT-2
Result<void> cancel_deletion(Context const& context, std::string_view algorithm, std::string_view thumbprint);

std::vector<CertificateInUse> list_certificates(Context const& context, storage::ListQuery const& query);

}  // namespace bluebatch::emulator::batch::service
