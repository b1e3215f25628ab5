#pragma once

#include "shared/base/certified_key.hpp"

#include <memory>
#include <string_view>

namespace bluebatch::http {

// What a server shows to clients that speak TLS.
class CertificateSource {
public:
    virtual ~CertificateSource() = default;

    // `host` is what the client asks for, in small letters; "" when it names none, as clients do that know an
    // address only. Null: nobody of that name is here, and the client is told so. Called on any of the
    // server's threads, many at a time.
    virtual std::shared_ptr<base::CertifiedKey const> find(std::string_view host) = 0;
};

}  // namespace bluebatch::http
