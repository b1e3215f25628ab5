#pragma once

#include "shared/http/client.hpp"

#include <span>
#include <string_view>

namespace bluebatch::http {

// Where the bytes of an answer's body go, by the rules of BodySink.
class IncomingBody {
public:
    IncomingBody(BodySink const& sink, std::string& body) : sink_(sink), body_(body) {}

    // False: no more is wanted, and why() says the reason.
    bool take(int status, std::string_view bytes);
    TransportFault why() const { return why_; }

private:
    BodySink const& sink_;
    std::string& body_;
    TransportFault why_ = TransportFault::other;
};

}  // namespace bluebatch::http
