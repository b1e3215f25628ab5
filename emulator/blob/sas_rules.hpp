#pragma once

#include "emulator/blob/authentication.hpp"

#include <optional>

// The rules of shared access signatures that need nothing but the signature and the request.
namespace bluebatch::emulator::blob {

// A form that no signature of the reference has; or one that the emulator does not have.
std::optional<azure::StorageError> find_form_fault(azure::SharedAccessSignature const& sas);
std::optional<azure::StorageError> find_time_fault(
    azure::SharedAccessSignature const& sas, base::TimePoint now
);
// Protocol, address, service, resource and permission.
std::optional<azure::StorageError> find_scope_fault(
    azure::SharedAccessSignature const& sas, http::RequestHead const& head, Need const& need
);

}  // namespace bluebatch::emulator::blob
