#include "shared/http/incoming_body.hpp"

#include <algorithm>

namespace bluebatch::http {

bool IncomingBody::take(int status, std::string_view bytes) {
    bool const is_success = status >= 200 && status < 300;
    if (is_success && sink_) {
        if (sink_(std::as_bytes(std::span(bytes)))) return true;
        why_ = TransportFault::cancelled;
        return false;
    }
    auto const left = (is_success ? kMostBodyWithoutSink : kMostErrorBody) - body_.size();
    body_.append(bytes.substr(0, left));
    return bytes.size() <= left || !is_success;
}

}  // namespace bluebatch::http
