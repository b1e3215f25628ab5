#include "shared/http/tls_context.hpp"

#include "shared/base/log.hpp"
#include "shared/base/openssl.hpp"
#include "shared/base/text.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>

namespace bluebatch::http {
namespace {

constexpr std::string_view kHttp11 = "http/1.1";
// Several records come with one call of the system.
constexpr std::size_t kReadBytes = 64 << 10;

// OpenSSL's callbacks are C: nothing may be thrown through them.
int show_certificate(SSL* connection, int* alert, void* argument) {
    try {
        auto const* const asked = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
        auto const host = base::to_lower(asked == nullptr ? "" : asked);
        auto const found = static_cast<CertificateSource*>(argument)->find(host);
        if (!found) {
            base::log::debug("a client asked for the certificate of {}, which is not served here", host);
            *alert = SSL_AD_UNRECOGNIZED_NAME;
            return SSL_TLSEXT_ERR_ALERT_FATAL;
        }
        // The connection takes references of its own.
        constexpr int kReplace = 1;
        if (SSL_use_cert_and_key(connection, found->certificate(), found->key(), found->chain(), kReplace) ==
            1)
            return SSL_TLSEXT_ERR_OK;
        base::log::error("the certificate for {} can't be shown: {}", host, base::OpensslNotes::last());
    } catch (std::exception const& error) {
        base::log::error("no certificate for a client: {}", error.what());
    }
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// `offered` is a list of names, each after its length.
int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* length, unsigned char const* offered, unsigned size, void*) {
    std::string_view left{reinterpret_cast<char const*>(offered), size};
    while (!left.empty()) {
        auto const next = static_cast<unsigned char>(left.front());
        if (left.substr(1, next) == kHttp11) {
            *chosen = reinterpret_cast<unsigned char const*>(left.data() + 1);
            *length = next;
            return SSL_TLSEXT_ERR_OK;
        }
        left.remove_prefix(std::min<std::size_t>(left.size(), std::size_t{1} + next));
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

SSL_CTX* make_context(CertificateSource& source) {
    auto* const context = SSL_CTX_new(TLS_server_method());
    if (context == nullptr) throw std::runtime_error("TLS: " + base::OpensslNotes::last());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // The length of a message is told by HTTP, so that an end without a farewell cuts nothing off unnoticed.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        context,
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
    );
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, kReadBytes);
    // What the macro for this says, without its cast.
    SSL_CTX_callback_ctrl(
        context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, reinterpret_cast<void (*)()>(&show_certificate)
    );
    SSL_CTX_set_tlsext_servername_arg(context, &source);
    SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
    return context;
}

}  // namespace

std::string why_unusable(base::CertifiedKey const& key) {
    base::OpensslNotes const notes;
    std::unique_ptr<SSL_CTX, decltype([](SSL_CTX* made) { SSL_CTX_free(made); })> const context(
        SSL_CTX_new(TLS_server_method())
    );
    if (context == nullptr) throw std::bad_alloc();
    constexpr int kReplace = 1;
    if (SSL_CTX_use_cert_and_key(context.get(), key.certificate(), key.key(), key.chain(), kReplace) == 1)
        return {};
    auto why = base::OpensslNotes::last();
    return why.empty() ? "unknown" : why;
}

TlsContext::~TlsContext() {
    SSL_CTX_free(context_);
}

SSL* TlsContext::make_connection() {
    std::call_once(made_, [this] { context_ = make_context(source_); });
    auto* const connection = SSL_new(context_);
    if (connection == nullptr) throw std::bad_alloc();
    SSL_set_accept_state(connection);
    return connection;
}

}  // namespace bluebatch::http
