#include "emulator/storage/accounts/account_store.hpp"

namespace bluebatch::emulator::storage {

namespace {

using domain::Account;
using domain::AccountKey;
using domain::AccountKind;

constexpr char const* kFirstAccounts = R"sql(
CREATE TABLE accounts (
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    origin INTEGER NOT NULL,
    made INTEGER NOT NULL,
    primary_key TEXT NOT NULL,
    primary_made INTEGER NOT NULL,
    secondary_key TEXT NOT NULL,
    secondary_made INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE auto_storage (
    batch_account TEXT PRIMARY KEY,
    storage_account TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE removals (
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
)sql";

std::int64_t to_column(base::TimePoint time) {
    return time.time_since_epoch().count();
}

base::TimePoint time_of(Row const& row, int column) {
    return base::TimePoint(base::Ticks(row.integer(column)));
}

Account read_account(Row const& row) {
    Account account;
    account.name = row.text(0);
    account.origin = static_cast<domain::AccountOrigin>(row.integer(1));
    account.made = time_of(row, 2);
    for (int const column : {3, 5})
        account.keys.push_back({std::string(row.text(column)), time_of(row, column + 1)});
    return account;
}

}  // namespace

std::vector<std::string> const& accounts_schema() {
    static std::vector<std::string> const schema{kFirstAccounts};
    return schema;
}

std::vector<Account> list_accounts(Connection& connection, AccountKind kind) {
    return connection.all(
        "SELECT name, origin, made, primary_key, primary_made, secondary_key, secondary_made FROM accounts "
        "WHERE kind = ? ORDER BY name",
        {kind},
        read_account
    );
}

void save_account(Transaction& transaction, AccountKind kind, Account const& account) {
    auto const& primary = account.keys.front();
    auto const& secondary = account.keys.back();
    transaction.connection().execute(
        "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {kind,
         account.name,
         account.origin,
         to_column(account.made),
         primary.base64,
         to_column(primary.made),
         secondary.base64,
         to_column(secondary.made)}
    );
}

void delete_account(Transaction& transaction, AccountKind kind, std::string_view name) {
    transaction.connection().execute("DELETE FROM accounts WHERE kind = ? AND name = ?", {kind, name});
}

std::optional<std::string> find_auto_storage(Connection& connection, std::string_view batch_account) {
    return connection.find(
        "SELECT storage_account FROM auto_storage WHERE batch_account = ?",
        {batch_account},
        [](Row const& row) { return std::string(row.text(0)); }
    );
}

std::vector<std::pair<std::string, std::string>> list_auto_storage(Connection& connection) {
    return connection.all("SELECT batch_account, storage_account FROM auto_storage", {}, [](Row const& row) {
        return std::pair{std::string(row.text(0)), std::string(row.text(1))};
    });
}

void save_auto_storage(
    Transaction& transaction, std::string_view batch_account, std::string_view storage_account
) {
    transaction.connection().execute(
        "INSERT OR REPLACE INTO auto_storage VALUES (?, ?)", {batch_account, storage_account}
    );
}

void delete_auto_storage(Transaction& transaction, std::string_view batch_account) {
    transaction.connection().execute("DELETE FROM auto_storage WHERE batch_account = ?", {batch_account});
}

void note_removal(Transaction& transaction, AccountKind kind, std::string_view name) {
    transaction.connection().execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", {kind, name});
}

void finish_removal(Transaction& transaction, AccountKind kind, std::string_view name) {
    transaction.connection().execute("DELETE FROM removals WHERE kind = ? AND name = ?", {kind, name});
}

std::vector<std::string> unfinished_removals(Connection& connection, AccountKind kind) {
    return connection.all("SELECT name FROM removals WHERE kind = ?", {kind}, [](Row const& row) {
        return std::string(row.text(0));
    });
}

}  // namespace bluebatch::emulator::storage
