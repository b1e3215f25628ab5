#include "emulator/batch/service/certificates.hpp"

#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/certificate_store.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/base/x509.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::CertificateState;
using wire::Json;
using wire::text_of;

constexpr std::string_view kAlgorithm = "sha1";
constexpr std::size_t kLargestFile = 10 << 10;
constexpr int kMostPools = 100;

// Deletions whose time has come end here, before anything else is looked at.
void end_deletions(storage::Transaction& transaction, base::TimePoint now) {
    auto& connection = transaction.connection();
    auto const began = now - domain::kCertificateDeletion;
    for (auto& certificate : storage::list_deleting_certificates(connection, began)) {
        if (storage::list_pools_with_certificate(connection, certificate.thumbprint, 1).empty()) {
            storage::delete_certificate(transaction, certificate.thumbprint);
            continue;
        }
        auto const failed = certificate.state_transition_time + domain::kCertificateDeletion;
        domain::move_to(certificate, CertificateState::delete_failed, failed);
        storage::put_certificate(transaction, certificate);
    }
}

Result<std::vector<base::Certificate>> read_file(Json const& body) {
    auto const bytes = base::parse_base64(text_of(body, "data"));
    if (!bytes) return wire::invalid_property("data", "", "The value is not base64");
    if (bytes->size() > kLargestFile)
        return wire::invalid_property("data", "", "A certificate may have 10 KB at most");
    bool const is_cer = text_of(body, "certificateFormat") == "cer";
    std::string const password(text_of(body, "password"));
    if (is_cer && !password.empty())
        return wire::invalid_property("password", "", "A password goes with the format pfx only");
    if (!is_cer) {
        auto file = base::parse_pkcs12(*bytes, password);
        if (!file) return wire::invalid_property("data", "", file.error().message);
        return std::move(*file);
    }
    auto file = base::parse_certificate(*bytes);
    if (!file) return wire::invalid_property("data", "", file.error().message);
    return std::vector{std::move(*file)};
}

Result<domain::Certificate> read_certificate(Json const& body) {
    auto const algorithm = text_of(body, "thumbprintAlgorithm");
    if (!base::equal_ignoring_case(algorithm, kAlgorithm)) {
        return wire::invalid_property(
            "thumbprintAlgorithm", std::string(algorithm.substr(0, 256)), "The only algorithm is sha1"
        );
    }
    auto const file = read_file(body);
    if (!file) return file.error();
    auto const thumbprint = text_of(body, "thumbprint");
    auto const is_named = [&](base::Certificate const& certificate) {
        return base::equal_ignoring_case(certificate.sha1, thumbprint);
    };
    auto const found = std::ranges::find_if(*file, is_named);
    if (found == file->end()) {
        return wire::invalid_property(
            "thumbprint", std::string(thumbprint.substr(0, 256)), "The data has another thumbprint"
        );
    }
    domain::Certificate certificate;
    certificate.thumbprint = thumbprint;
    certificate.public_data = base::to_base64(found->der);
    return certificate;
}

Result<domain::Certificate> find(
    storage::Connection& connection, std::string_view algorithm, std::string_view thumbprint
) {
    auto certificate = storage::find_certificate(connection, thumbprint);
    if (!certificate || !base::equal_ignoring_case(algorithm, kAlgorithm))
        return BatchError{BatchErrorCode::certificate_not_found, {}};
    return std::move(*certificate);
}

CertificateInUse with_pools(storage::Connection& connection, domain::Certificate certificate) {
    std::vector<std::string> pools;
    if (certificate.state == CertificateState::delete_failed)
        pools = storage::list_pools_with_certificate(connection, certificate.thumbprint, kMostPools);
    return {std::move(certificate), std::move(pools)};
}

}  // namespace

Result<domain::Certificate> add_certificate(Context const& context, Json const& body) {
    auto certificate = read_certificate(body);
    if (!certificate) return certificate.error();
    certificate->state_transition_time = context.now;

    storage::Transaction transaction(context.database);
    end_deletions(transaction, context.now);
    if (auto const other = storage::find_certificate(transaction.connection(), certificate->thumbprint)) {
        bool const is_going = other->state == CertificateState::deleting;
        return BatchError{
            is_going ? BatchErrorCode::certificate_being_deleted : BatchErrorCode::certificate_exists, {}};
    }
    storage::put_certificate(transaction, *certificate);
    transaction.commit();
    return std::move(*certificate);
}

Result<CertificateInUse> get_certificate(
    Context const& context, std::string_view algorithm, std::string_view thumbprint
) {
    storage::Transaction transaction(context.database);
    end_deletions(transaction, context.now);
    auto certificate = find(transaction.connection(), algorithm, thumbprint);
    auto found = certificate
                     ? Result<CertificateInUse>(with_pools(transaction.connection(), std::move(*certificate)))
                     : Result<CertificateInUse>(certificate.error());
    transaction.commit();
    return found;
}

Result<void> delete_certificate(
    Context const& context, std::string_view algorithm, std::string_view thumbprint
) {
    storage::Transaction transaction(context.database);
    end_deletions(transaction, context.now);
    auto certificate = find(transaction.connection(), algorithm, thumbprint);
    if (!certificate) return certificate.error();
    if (certificate->state == CertificateState::deleting)
        return BatchError{BatchErrorCode::certificate_being_deleted, {}};
    domain::move_to(*certificate, CertificateState::deleting, context.now);
    storage::put_certificate(transaction, *certificate);
    transaction.commit();
    return {};
}

Result<void> cancel_deletion(
    Context const& context, std::string_view algorithm, std::string_view thumbprint
) {
    storage::Transaction transaction(context.database);
    end_deletions(transaction, context.now);
    auto certificate = find(transaction.connection(), algorithm, thumbprint);
    if (!certificate) return certificate.error();
    if (certificate->state == CertificateState::deleting)
        return BatchError{BatchErrorCode::certificate_being_deleted, {}};
    if (certificate->state == CertificateState::active)
        return BatchError{BatchErrorCode::certificate_state_active, {}};
    domain::move_to(*certificate, CertificateState::active, context.now);
    storage::put_certificate(transaction, *certificate);
    transaction.commit();
    return {};
}

std::vector<CertificateInUse> list_certificates(Context const& context, storage::ListQuery const& query) {
    storage::Transaction transaction(context.database);
    end_deletions(transaction, context.now);
    std::vector<CertificateInUse> found;
    for (auto& certificate : storage::list_certificates(transaction.connection(), query))
        found.push_back(with_pools(transaction.connection(), std::move(certificate)));
    transaction.commit();
    return found;
}

}  // namespace bluebatch::emulator::batch::service
