#pragma once

#include "shared/http/client.hpp"
#include "shared/http/service.hpp"

namespace bluebatch::http {

// Asks a service of this process as if the request had come over a socket from 127.0.0.1. A slice of a file
// as body is copied to the spool folder that the service names, inside the kernel. The caller owns the
// answer's slices and may copy them likewise. A malformed request is answered 400, an exception of the
// service 500.
Response ask(Service& service, OutgoingRequest const& request);

}  // namespace bluebatch::http
