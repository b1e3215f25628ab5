#include "tests/unit/shared/http/tls_support.hpp"

#include "shared/base/clock.hpp"
#include "shared/base/openssl.hpp"
#include "tests/unit/shared/http/support.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <system_error>
#include <utility>

namespace bluebatch::http::testing {

namespace {

int connect_to(std::uint16_t port) {
    int const made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made, reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0)
        ADD_FAILURE() << "connect: " << std::generic_category().message(errno);
    return made;
}

void trust(SSL_CTX* context, std::string const& ca_pem) {
    auto* const source = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
    auto* const certificate = PEM_read_bio_X509(source, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate);
    X509_free(certificate);
    BIO_free(source);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

}  // namespace

TestCertificates::TestCertificates()
    : authority_(base::CertificateAuthority::make(
          {.domains = {"localhost"}, .addresses = {"127.0.0.1"}}, base::SystemClock().now()
      )) {}

std::shared_ptr<base::CertifiedKey const> TestCertificates::find(std::string_view host) {
    auto const name = host.empty() ? std::string("localhost") : std::string(host);
    auto issued = authority_.issue({name, "127.0.0.1"}, base::SystemClock().now());
    return issued ? std::make_shared<base::CertifiedKey const>(*std::move(issued)) : nullptr;
}

TlsClient::TlsClient(std::uint16_t port, TlsClientOptions const& options)
    : TlsClient(connect_to(port), options, 0) {}

TlsClient::TlsClient(int socket, TlsClientOptions const& options, int)
    : socket_(socket), context_(SSL_CTX_new(TLS_client_method())) {
    ::timeval const patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!options.ca_pem.empty()) trust(context_, options.ca_pem);
    connection_ = SSL_new(context_);
    SSL_set_fd(connection_, socket_);
    if (options.version != 0) {
        SSL_set_security_level(connection_, 0);  // the server is to refuse it, not the client
        SSL_set_min_proto_version(connection_, options.version);
        SSL_set_max_proto_version(connection_, options.version);
    }
    if (!options.host.empty()) {
        // What the macro for this says, without its cast.
        auto* const host = const_cast<char*>(options.host.c_str());
        SSL_ctrl(connection_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host);
        SSL_set1_host(connection_, options.host.c_str());
    }
    auto const& protocols = options.protocols;
    SSL_set_alpn_protos(
        connection_,
        reinterpret_cast<unsigned char const*>(protocols.data()),
        static_cast<unsigned>(protocols.size())
    );
    base::OpensslNotes const notes;
    if (SSL_connect(connection_) != 1) {
        fault_ = base::OpensslNotes::last();
        if (fault_.empty()) fault_ = "the connection ended";
    }
}

TlsClient::~TlsClient() {
    SSL_free(connection_);
    SSL_CTX_free(context_);
    ::close(socket_);
}

std::string TlsClient::protocol() const {
    unsigned char const* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(connection_, &name, &length);
    return {reinterpret_cast<char const*>(name), length};
}

std::string TlsClient::certificate_host() const {
    auto* const names = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(SSL_get0_peer_certificate(connection_), NID_subject_alt_name, nullptr, nullptr)
    );
    if (names == nullptr) return {};
    auto const* const first = sk_GENERAL_NAME_value(names, 0)->d.dNSName;
    std::string host(
        reinterpret_cast<char const*>(ASN1_STRING_get0_data(first)),
        static_cast<std::size_t>(ASN1_STRING_length(first))
    );
    GENERAL_NAMES_free(names);
    return host;
}

bool TlsClient::send(std::string_view bytes) const {
    base::OpensslNotes const notes;
    std::size_t sent = 0;
    return bytes.empty() || SSL_write_ex(connection_, bytes.data(), bytes.size(), &sent) == 1;
}

bool TlsClient::receive() {
    base::OpensslNotes const notes;
    std::string piece(64 << 10, '\0');
    std::size_t count = 0;
    if (SSL_read_ex(connection_, piece.data(), piece.size(), &count) != 1) return false;
    received_.append(piece, 0, count);
    return true;
}

std::string TlsClient::read_until(std::string_view end) {
    std::size_t found = std::string::npos;
    while ((found = received_.find(end)) == std::string::npos && receive()) {
    }
    return found == std::string::npos ? std::exchange(received_, {}) : read_exactly(found + end.size());
}

std::string TlsClient::read_exactly(std::size_t size) {
    while (received_.size() < size && receive()) {
    }
    auto taken = received_.substr(0, size);
    received_.erase(0, taken.size());
    return taken;
}

std::string TlsClient::read_answer() {
    auto answer = read_until("\r\n\r\n");
    constexpr std::string_view kField = "Content-Length: ";
    if (auto const at = answer.find(kField); at != std::string::npos)
        answer += read_exactly(std::stoul(answer.substr(at + kField.size())));
    return answer;
}

bool TlsClient::ends_politely() {
    while (receive()) {
    }
    return (SSL_get_shutdown(connection_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace bluebatch::http::testing
