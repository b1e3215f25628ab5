#include "emulator/storage/blob/container_store.hpp"

#include "emulator/storage/blob/fields.hpp"

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

Container read_container(Row const& row) {
    Container container;
    container.id = row.integer(0);
    container.account = row.text(1);
    container.name = row.text(2);
    container.last_modified = read_time(row, 3);
    container.etag = read_time(row, 4);
    container.public_access = static_cast<PublicAccess>(row.integer(5));
    container.metadata = parse_metadata(row.text(6));
    container.policies = parse_policies(row.text(7));
    container.lease = read_lease(row, 8);
    return container;
}

}  // namespace

std::optional<Container> find_container(
    Connection& connection, std::string_view account, std::string_view name
) {
    return connection.find(
        "SELECT id, account, name, last_modified, etag, public_access, metadata, policies, lease_id, "
        "lease_seconds, lease_expires, lease_breaks FROM containers WHERE account = ? AND name = ?",
        {account, name},
        read_container
    );
}

void insert_container(Transaction& transaction, Container& container) {
    auto const metadata = to_column(container.metadata);
    auto const policies = to_column(container.policies);
    Values values{
        container.account,
        container.name,
        to_column(container.last_modified),
        to_column(container.etag),
        container.public_access,
        metadata,
        policies};
    append_lease(values, container.lease);
    transaction.connection().execute(
        "INSERT INTO containers(account, name, last_modified, etag, public_access, metadata, policies, "
        "lease_id, lease_seconds, lease_expires, lease_breaks) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values
    );
    container.id = transaction.connection().last_row_id();
}

void update_container(Transaction& transaction, Container const& container) {
    auto const metadata = to_column(container.metadata);
    auto const policies = to_column(container.policies);
    Values values{
        to_column(container.last_modified),
        to_column(container.etag),
        container.public_access,
        metadata,
        policies};
    append_lease(values, container.lease);
    values.emplace_back(container.id);
    transaction.connection().execute(
        "UPDATE containers SET last_modified = ?, etag = ?, public_access = ?, metadata = ?, policies = ?, "
        "lease_id = ?, lease_seconds = ?, lease_expires = ?, lease_breaks = ? WHERE id = ?",
        values
    );
}

void drop_container(Transaction& transaction, std::int64_t container_id) {
    transaction.connection().execute("DELETE FROM containers WHERE id = ?", {container_id});
    transaction.connection().execute("INSERT INTO dropped_containers(id) VALUES(?)", {container_id});
}

std::vector<Container> list_containers(
    Connection& connection,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit
) {
    return connection.all(
        "SELECT id, account, name, last_modified, etag, public_access, metadata, policies, lease_id, "
        "lease_seconds, lease_expires, lease_breaks FROM containers "
        "WHERE account = ? AND name >= ? AND name < coalesce(?, x'FF') ORDER BY name LIMIT ?",
        {account, std::max(prefix, from), end_of_prefix(prefix), limit},
        read_container
    );
}

std::optional<std::string> find_service_properties(Connection& connection, std::string_view account) {
    return connection.find(
        "SELECT document FROM service_properties WHERE account = ?",
        {account},
        [](Row const& row) { return std::string{row.text(0)}; }
    );
}

void save_service_properties(Transaction& transaction, std::string_view account, std::string_view document) {
    transaction.connection().execute(
        "INSERT INTO service_properties(account, document) VALUES(?, ?) "
        "ON CONFLICT(account) DO UPDATE SET document = excluded.document",
        {account, document}
    );
}

std::optional<std::string> end_of_prefix(std::string_view prefix) {
    std::string end{prefix};
    while (!end.empty()) {
        auto const last = static_cast<unsigned char>(end.back());
        if (last != 0xFF) {
            end.back() = static_cast<char>(last + 1);
            return end;
        }
        end.pop_back();
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::storage::blob
