#include "emulator/storage/batch/certificate_store.hpp"

#include "emulator/storage/batch/filter.hpp"
#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

using domain::CertificateState;

constexpr std::string_view kSelectCertificate =
    "SELECT thumbprint, state, state_time, previous_state, previous_state_time, public_data FROM "
    "certificates";

domain::Certificate read_certificate(Row const& row) {
    domain::Certificate certificate;
    certificate.thumbprint = row.text(0);
    certificate.state = record::enumerator<CertificateState>(row, 1);
    certificate.state_transition_time = record::time(row, 2);
    certificate.previous_state = record::optional_enumerator<CertificateState>(row, 3);
    certificate.previous_state_transition_time = record::optional_time(row, 4);
    certificate.public_data = row.text(5);
    return certificate;
}

}  // namespace

void put_certificate(Transaction& transaction, domain::Certificate const& certificate) {
    transaction.connection().execute(
        "INSERT OR REPLACE INTO certificates VALUES (?, ?, ?, ?, ?, ?)",
        {certificate.thumbprint,
         certificate.state,
         record::column(certificate.state_transition_time),
         certificate.previous_state,
         record::column(certificate.previous_state_transition_time),
         certificate.public_data}
    );
}

void delete_certificate(Transaction& transaction, std::string_view thumbprint) {
    transaction.connection().execute("DELETE FROM certificates WHERE thumbprint = ?", {thumbprint});
}

std::optional<domain::Certificate> find_certificate(Connection& connection, std::string_view thumbprint) {
    static std::string const sql = std::string(kSelectCertificate) + " WHERE thumbprint = ?";
    return connection.find(sql, {thumbprint}, read_certificate);
}

std::vector<domain::Certificate> list_certificates(Connection& connection, ListQuery const& query) {
    std::string sql = std::string(kSelectCertificate) + " WHERE thumbprint > ?";
    Values values{query.after};
    append_filter(sql, values, ListKind::certificates, query);
    sql += " ORDER BY thumbprint LIMIT ?";
    values.push_back(query.limit);
    return connection.all(sql, values, read_certificate);
}

std::vector<domain::Certificate> list_deleting_certificates(Connection& connection, base::TimePoint began) {
    static std::string const sql = std::string(kSelectCertificate) + " WHERE state = ? AND state_time <= ?";
    return connection.all(sql, {CertificateState::deleting, record::column(began)}, read_certificate);
}

std::vector<std::string> list_pools_with_certificate(
    Connection& connection, std::string_view thumbprint, int limit
) {
    return connection.all(
        "SELECT p.id FROM pools p WHERE EXISTS (SELECT 1 FROM json_each(p.document, "
        "'$.certificateReferences') r"
        " WHERE json_extract(r.value, '$.thumbprint') = ? COLLATE NOCASE) ORDER BY p.id LIMIT ?",
        {thumbprint, limit},
        [](Row const& row) { return std::string(row.text(0)); }
    );
}

}  // namespace bluebatch::emulator::storage
