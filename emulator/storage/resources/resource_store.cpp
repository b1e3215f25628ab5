#include "emulator/storage/resources/resource_store.hpp"

namespace bluebatch::emulator::storage {

namespace {

constexpr char const* kFirstResources = R"sql(
CREATE TABLE groups (
    name TEXT COLLATE NOCASE PRIMARY KEY,
    location TEXT NOT NULL,
    document TEXT NOT NULL,
    made INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    kind INTEGER NOT NULL,
    name TEXT COLLATE NOCASE NOT NULL,
    group_name TEXT COLLATE NOCASE NOT NULL,
    location TEXT NOT NULL,
    document TEXT NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    answer TEXT NOT NULL,
    finished INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX operations_by_time ON operations (finished);
)sql";

constexpr char const* kPackages = R"sql(
CREATE TABLE packages (
    account TEXT COLLATE NOCASE NOT NULL,
    application TEXT COLLATE NOCASE NOT NULL,
    version TEXT COLLATE NOCASE NOT NULL,
    activated INTEGER,
    changed INTEGER NOT NULL,
    PRIMARY KEY (account, application, version)
) WITHOUT ROWID;
)sql";

std::int64_t time_column(base::TimePoint time) {
    return time.time_since_epoch().count();
}

base::TimePoint time(Row const& row, int index) {
    return base::TimePoint{base::Ticks{row.integer(index)}};
}

constexpr std::string_view kSelectGroup = "SELECT name, location, document, made FROM groups";
constexpr std::string_view kSelectAccount =
    "SELECT kind, name, group_name, location, document, changed FROM accounts WHERE kind = ?";
constexpr std::string_view kSelectPackage =
    "SELECT account, application, version, activated, changed FROM packages"
    " WHERE account = ? AND application = ?";

ResourceGroup read_group(Row const& row) {
    return {std::string{row.text(0)}, std::string{row.text(1)}, std::string{row.text(2)}, time(row, 3)};
}

AccountRecord read_account_record(Row const& row) {
    return {
        static_cast<domain::AccountKind>(row.integer(0)),
        std::string{row.text(1)},
        std::string{row.text(2)},
        std::string{row.text(3)},
        std::string{row.text(4)},
        time(row, 5)};
}

PackageRecord read_package_record(Row const& row) {
    PackageRecord package{
        std::string{row.text(0)},
        std::string{row.text(1)},
        std::string{row.text(2)},
        std::nullopt,
        time(row, 4)};
    if (!row.is_null(3)) package.activated = time(row, 3);
    return package;
}

}  // namespace

std::vector<std::string> const& resource_schema() {
    static std::vector<std::string> const schema{kFirstResources, kPackages};
    return schema;
}

void put_group(Transaction& transaction, ResourceGroup const& group) {
    transaction.connection().execute(
        "INSERT INTO groups (name, location, document, made) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET document = excluded.document",
        {group.name, group.location, group.document, time_column(group.made)}
    );
}

void delete_group(Transaction& transaction, std::string_view name) {
    transaction.connection().execute("DELETE FROM groups WHERE name = ?", {name});
}

std::optional<ResourceGroup> find_group(Connection& connection, std::string_view name) {
    return connection.find(std::string{kSelectGroup} + " WHERE name = ?", {name}, read_group);
}

std::vector<ResourceGroup> list_groups(Connection& connection) {
    return connection.all(std::string{kSelectGroup} + " ORDER BY name", {}, read_group);
}

void put_account_record(Transaction& transaction, AccountRecord const& account) {
    transaction.connection().execute(
        "INSERT OR REPLACE INTO accounts (kind, name, group_name, location, document, changed)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        {account.kind,
         account.name,
         account.group,
         account.location,
         account.document,
         time_column(account.changed)}
    );
}

void delete_account_record(Transaction& transaction, domain::AccountKind kind, std::string_view name) {
    transaction.connection().execute("DELETE FROM accounts WHERE kind = ? AND name = ?", {kind, name});
}

void delete_account_records(Transaction& transaction, std::string_view group) {
    auto& connection = transaction.connection();
    connection.execute(
        "DELETE FROM packages WHERE account IN (SELECT name FROM accounts WHERE kind = ? AND group_name = ?)",
        {domain::AccountKind::batch, group}
    );
    connection.execute("DELETE FROM accounts WHERE group_name = ?", {group});
}

std::optional<AccountRecord> find_account_record(
    Connection& connection, domain::AccountKind kind, std::string_view name
) {
    return connection.find(std::string{kSelectAccount} + " AND name = ?", {kind, name}, read_account_record);
}

std::vector<AccountRecord> list_account_records(Connection& connection, domain::AccountKind kind) {
    return connection.all(std::string{kSelectAccount} + " ORDER BY name", {kind}, read_account_record);
}

std::vector<std::string> list_placed_accounts(Connection& connection, domain::AccountKind kind) {
    return connection.all(
        "SELECT name FROM accounts WHERE kind = ? AND group_name IN (SELECT name FROM groups) ORDER BY name",
        {kind},
        [](Row const& row) { return std::string{row.text(0)}; }
    );
}

void put_operation(Transaction& transaction, FinishedOperation const& operation, base::TimePoint oldest) {
    auto& connection = transaction.connection();
    connection.execute("DELETE FROM operations WHERE finished < ?", {time_column(oldest)});
    connection.execute(
        "INSERT INTO operations (id, answer, finished) VALUES (?, ?, ?)",
        {operation.id, operation.answer, time_column(operation.finished)}
    );
}

std::optional<FinishedOperation> find_operation(Connection& connection, std::string_view id) {
    return connection
        .find("SELECT id, answer, finished FROM operations WHERE id = ?", {id}, [](Row const& row) {
            return FinishedOperation{std::string{row.text(0)}, std::string{row.text(1)}, time(row, 2)};
        });
}

void put_package_record(Transaction& transaction, PackageRecord const& package) {
    auto const activated = package.activated ? std::optional{time_column(*package.activated)} : std::nullopt;
    transaction.connection().execute(
        "INSERT INTO packages (account, application, version, activated, changed)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " activated = excluded.activated, changed = excluded.changed",
        {package.account, package.application, package.version, activated, time_column(package.changed)}
    );
}

void delete_package_record(
    Transaction& transaction, std::string_view account, std::string_view application, std::string_view version
) {
    transaction.connection().execute(
        "DELETE FROM packages WHERE account = ? AND application = ? AND version = ?",
        {account, application, version}
    );
}

void delete_package_records(Transaction& transaction, std::string_view account) {
    transaction.connection().execute("DELETE FROM packages WHERE account = ?", {account});
}

std::optional<PackageRecord> find_package_record(
    Connection& connection, std::string_view account, std::string_view application, std::string_view version
) {
    return connection.find(
        std::string{kSelectPackage} + " AND version = ?", {account, application, version}, read_package_record
    );
}

std::vector<PackageRecord> list_package_records(
    Connection& connection, std::string_view account, std::string_view application
) {
    return connection.all(
        std::string{kSelectPackage} + " ORDER BY version", {account, application}, read_package_record
    );
}

}  // namespace bluebatch::emulator::storage
