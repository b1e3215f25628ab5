#include "shared/base/openssl.hpp"

#include <openssl/err.h>
#include <openssl/provider.h>

namespace bluebatch::base {

OpensslNotes::OpensslNotes() {
    ERR_clear_error();
}

OpensslNotes::~OpensslNotes() {
    ERR_clear_error();
}

std::string OpensslNotes::last() {
    auto const code = ERR_peek_last_error();
    auto const* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? std::string() : std::string(reason);
}

OSSL_LIB_CTX* legacy_algorithms() {
    static OSSL_LIB_CTX* const context = [] {
        auto* const made = OSSL_LIB_CTX_new();
        OSSL_PROVIDER_load(made, "default");
        OSSL_PROVIDER_load(made, "legacy");
        return made;
    }();
    return context;
}

}  // namespace bluebatch::base
