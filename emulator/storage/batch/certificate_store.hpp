#pragma once

#include "emulator/domain/certificate.hpp"
#include "emulator/storage/batch/batch_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Certificates of an account by their SHA-1 thumbprints, which compare without case.
namespace bluebatch::emulator::storage {

void put_certificate(Transaction& transaction, domain::Certificate const& certificate);
void delete_certificate(Transaction& transaction, std::string_view thumbprint);
std::optional<domain::Certificate> find_certificate(Connection& connection, std::string_view thumbprint);
std::vector<domain::Certificate> list_certificates(Connection& connection, ListQuery const& query);
// Those whose deletion began at `began` or before.
std::vector<domain::Certificate> list_deleting_certificates(Connection& connection, base::TimePoint began);

// Ids of pools that refer to the certificate, `limit` at most.
std::vector<std::string> list_pools_with_certificate(
    Connection& connection, std::string_view thumbprint, int limit
);

}  // namespace bluebatch::emulator::storage
