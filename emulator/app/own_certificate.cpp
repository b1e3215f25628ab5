#include "emulator/app/own_certificate.hpp"

#include "shared/base/log.hpp"
#include "shared/http/tls_context.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace bluebatch::emulator::app {

namespace {

constexpr std::size_t kLargestCertificate = 1 << 20;
constexpr std::string_view kPem = "-----BEGIN";

std::string read(char const* flag, std::filesystem::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(kLargestCertificate, '\0');
    if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad())
        throw std::runtime_error(fmt::format("{} {}: {}", flag, file.string(), std::strerror(errno)));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.empty())
        throw std::runtime_error(fmt::format("{} {}: there is nothing in it", flag, file.string()));
    return text;
}

base::Result<base::CertifiedKey> parse(OwnCertificate const& own) {
    auto const certificate = read("--cert", own.certificate);
    if (!own.key.empty()) return base::parse_certified_key(certificate, read("--key", own.key), own.password);
    if (certificate.find(kPem) == std::string::npos)
        return base::parse_certified_pkcs12(certificate, own.password);
    // Some keep both in one file.
    if (certificate.find("PRIVATE KEY") != std::string::npos)
        return base::parse_certified_key(certificate, certificate, own.password);
    return base::Failure{"its private key is missing; give it with --key"};
}

}  // namespace

std::optional<base::CertifiedKey> load(OwnCertificate const& own, base::TimePoint now) {
    if (own.certificate.empty()) return std::nullopt;
    auto parsed = parse(own);
    if (!parsed)
        throw std::runtime_error(
            fmt::format("--cert {}: {}", own.certificate.string(), parsed.error().message)
        );
    if (auto const why = http::why_unusable(*parsed); !why.empty())
        throw std::runtime_error(fmt::format("--cert {}: TLS refuses it: {}", own.certificate.string(), why));
    if (parsed->expires() < now)
        base::log::warning(
            "the certificate in {} ended at {}",
            own.certificate.string(),
            base::to_iso8601(parsed->expires(), 0)
        );
    return *std::move(parsed);
}

}  // namespace bluebatch::emulator::app
