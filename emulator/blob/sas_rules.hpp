#pragma once

#include "emulator/blob/authentication.hpp"

#include <optional>

// The rules of shared access signatures that need nothing but the signature and the request.
namespace bluebatch::emulator::blob {

// A form that no signature of the reference has, or that this account can't have.
std::optional<azure::StorageError> find_form_fault(azure::SharedAccessSignature const& sas);
std::optional<azure::StorageError> find_time_fault(
    azure::SharedAccessSignature const& sas, base::TimePoint now
);
// The time of the snapshot or the id of the version that a signature of one must be asked with.
std::string_view moment_of(azure::SharedAccessSignature const& sas, http::RequestHead const& head);
// Whether the signature is for one user only, and somebody else uses it. `user`: of the request's token.
std::optional<azure::StorageError> find_user_fault(
    azure::SharedAccessSignature const& sas, azure::Principal const* user
);
// Protocol, address, service, resource, permission and encryption scope.
std::optional<azure::StorageError> find_scope_fault(
    azure::SharedAccessSignature const& sas, http::RequestHead const& head, Need const& need
);

}  // namespace bluebatch::emulator::blob
