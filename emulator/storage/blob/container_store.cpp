#include "emulator/storage/blob/container_store.hpp"

#include "emulator/storage/blob/extras.hpp"
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
    read_extras(row.text(8), container);
    container.lease = read_lease(row, 9);
    return container;
}

constexpr std::string_view kColumns =
    "id, account, name, last_modified, etag, public_access, metadata, policies, extras";
constexpr std::string_view kLeaseColumns = "lease_id, lease_seconds, lease_expires, lease_breaks";

std::string select_container(std::string_view condition) {
    return "SELECT " + std::string{kColumns} + ", " + std::string{kLeaseColumns} + " FROM containers WHERE " +
           std::string{condition};
}

DeletedContainer read_deleted(Row const& row) {
    return {read_container(row), std::string{row.text(13)}, {read_time(row, 14), read_time(row, 15)}};
}

std::string select_deleted(std::string_view condition) {
    return "SELECT " + std::string{kColumns} +
           ", NULL, NULL, NULL, NULL, version, deleted, purge FROM "
           "deleted_containers WHERE " +
           std::string{condition};
}

}  // namespace

std::optional<Container> find_container(
    Connection& connection, std::string_view account, std::string_view name
) {
    static auto const sql = select_container("account = ? AND name = ?");
    return connection.find(sql, {account, name}, read_container);
}

void insert_container(Transaction& transaction, Container& container) {
    auto const metadata = to_column(container.metadata);
    auto const policies = to_column(container.policies);
    auto const extras = extras_of(container);
    Values values{
        container.account,
        container.name,
        to_column(container.last_modified),
        to_column(container.etag),
        container.public_access,
        metadata,
        policies,
        extras};
    append_lease(values, container.lease);
    transaction.connection().execute(
        "INSERT INTO containers(account, name, last_modified, etag, public_access, metadata, policies, "
        "extras, lease_id, lease_seconds, lease_expires, lease_breaks) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values
    );
    container.id = transaction.connection().last_row_id();
}

void update_container(Transaction& transaction, Container const& container) {
    auto const metadata = to_column(container.metadata);
    auto const policies = to_column(container.policies);
    auto const extras = extras_of(container);
    Values values{
        to_column(container.last_modified),
        to_column(container.etag),
        container.public_access,
        metadata,
        policies,
        extras};
    append_lease(values, container.lease);
    values.emplace_back(container.id);
    transaction.connection().execute(
        "UPDATE containers SET last_modified = ?, etag = ?, public_access = ?, metadata = ?, policies = ?, "
        "extras = ?, lease_id = ?, lease_seconds = ?, lease_expires = ?, lease_breaks = ? WHERE id = ?",
        values
    );
}

void set_container_aside(Transaction& transaction, DeletedContainer const& deleted) {
    auto& connection = transaction.connection();
    connection.execute(
        "INSERT INTO deleted_containers(id, account, name, version, deleted, purge, last_modified, etag, "
        "public_access, metadata, policies, extras) SELECT id, account, name, ?2, ?3, ?4, last_modified, "
        "etag, "
        "public_access, metadata, policies, extras FROM containers WHERE id = ?1",
        {deleted.container.id,
         deleted.version,
         to_column(deleted.deletion.at),
         to_column(deleted.deletion.purge)}
    );
    connection.execute("DELETE FROM containers WHERE id = ?", {deleted.container.id});
}

std::optional<DeletedContainer> find_deleted_container(
    Connection& connection, std::string_view account, std::string_view name, std::string_view version
) {
    static auto const sql = select_deleted("account = ? AND name = ? AND version = ?");
    return connection.find(sql, {account, name, version}, read_deleted);
}

void restore_container(Transaction& transaction, std::int64_t container_id, std::string_view name) {
    auto& connection = transaction.connection();
    connection.execute(
        "INSERT INTO containers(id, account, name, last_modified, etag, public_access, metadata, policies, "
        "extras) SELECT id, account, ?2, last_modified, etag, public_access, metadata, policies, extras FROM "
        "deleted_containers WHERE id = ?1",
        {container_id, name}
    );
    connection.execute("DELETE FROM deleted_containers WHERE id = ?", {container_id});
}

std::vector<DeletedContainer> list_deleted_containers(
    Connection& connection,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit
) {
    static auto const sql = select_deleted(
        "account = ? AND name >= ? AND name < coalesce(?, x'FF') ORDER BY name, version LIMIT ?"
    );
    return connection.all(sql, {account, std::max(prefix, from), end_of_prefix(prefix), limit}, read_deleted);
}

bool purge_deleted_container(Transaction& transaction, TimePoint now) {
    auto& connection = transaction.connection();
    auto const id = connection.find(
        "SELECT id FROM deleted_containers WHERE purge <= ? LIMIT 1",
        {to_column(now)},
        [](Row const& row) { return row.integer(0); }
    );
    if (!id) return false;
    connection.execute("DELETE FROM deleted_containers WHERE id = ?", {*id});
    connection.execute("INSERT INTO dropped_containers(id) VALUES(?)", {*id});
    return true;
}

void drop_container(Transaction& transaction, std::int64_t container_id) {
    transaction.connection().execute("DELETE FROM containers WHERE id = ?", {container_id});
    transaction.connection().execute("INSERT INTO dropped_containers(id) VALUES(?)", {container_id});
}

void drop_account(Transaction& transaction, std::string_view account) {
    auto& connection = transaction.connection();
    for (std::string_view const table : {"containers", "deleted_containers"}) {
        auto const of_account = " FROM " + std::string(table) + " WHERE account = ?";
        connection.execute("INSERT INTO dropped_containers(id) SELECT id" + of_account, {account});
        connection.execute("DELETE" + of_account, {account});
    }
    connection.execute("DELETE FROM service_properties WHERE account = ?", {account});
    connection.execute("DELETE FROM account_settings WHERE account = ?", {account});
}

std::vector<Container> list_containers(
    Connection& connection,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit
) {
    static auto const sql =
        select_container("account = ? AND name >= ? AND name < coalesce(?, x'FF') ORDER BY name LIMIT ?");
    return connection.all(
        sql, {account, std::max(prefix, from), end_of_prefix(prefix), limit}, read_container
    );
}

std::optional<std::string> find_service_properties(Connection& connection, std::string_view account) {
    return connection.find(
        "SELECT document FROM service_properties WHERE account = ?",
        {account},
        [](Row const& row) { return std::string{row.text(0)}; }
    );
}

std::vector<std::string> accounts_with_service_properties(Connection& connection) {
    return connection.all("SELECT account FROM service_properties", {}, [](Row const& row) {
        return std::string{row.text(0)};
    });
}

void save_service_properties(Transaction& transaction, std::string_view account, std::string_view document) {
    transaction.connection().execute(
        "INSERT INTO service_properties(account, document) VALUES(?, ?) "
        "ON CONFLICT(account) DO UPDATE SET document = excluded.document",
        {account, document}
    );
}

std::optional<std::string> find_account_settings(Connection& connection, std::string_view account) {
    return connection.find(
        "SELECT document FROM account_settings WHERE account = ?",
        {account},
        [](Row const& row) { return std::string{row.text(0)}; }
    );
}

void save_account_settings(Transaction& transaction, std::string_view account, std::string_view document) {
    transaction.connection().execute(
        "INSERT INTO account_settings(account, document) VALUES(?, ?) "
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
