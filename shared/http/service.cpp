#include "shared/http/service.hpp"

#include "shared/http/status.hpp"

namespace bluebatch::http {

Response Service::failed(RequestHead const&, std::exception const&) {
    return make_plain_response(500, "The server failed.");
}

}  // namespace bluebatch::http
