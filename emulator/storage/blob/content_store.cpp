#include "emulator/storage/blob/content_store.hpp"

namespace bluebatch::emulator::storage::blob {

void insert_content(
    Transaction& transaction, std::int64_t id, std::uint64_t size, std::optional<std::string_view> bytes
) {
    transaction.connection().execute(
        "INSERT INTO contents(id, references_, size, bytes) VALUES(?, 1, ?, ?)",
        {id, size, bytes ? Value::bytes(*bytes) : Value(nullptr)}
    );
}

void add_reference(Transaction& transaction, std::int64_t id) {
    transaction.connection().execute("UPDATE contents SET references_ = references_ + 1 WHERE id = ?", {id});
}

void release_content(Transaction& transaction, std::int64_t id) {
    auto& connection = transaction.connection();
    struct State {
        std::int64_t references;
        bool is_file;
    };
    auto const state = connection.find(
        "SELECT references_, bytes IS NULL FROM contents WHERE id = ?",
        {id},
        [](Row const& row) {
            return State{row.integer(0), row.integer(1) != 0};
        }
    );
    if (!state) return;
    if (state->references > 1) {
        connection.execute("UPDATE contents SET references_ = references_ - 1 WHERE id = ?", {id});
        return;
    }
    connection.execute("DELETE FROM contents WHERE id = ?", {id});
    if (state->is_file) connection.execute("INSERT INTO removals(content_id) VALUES(?)", {id});
}

std::optional<std::string> find_content_bytes(Connection& connection, std::int64_t id) {
    return connection.find(
        "SELECT bytes FROM contents WHERE id = ? AND bytes IS NOT NULL",
        {id},
        [](Row const& row) { return std::string{row.text(0)}; }
    );
}

bool is_content_file(Connection& connection, std::int64_t id) {
    return connection
        .find("SELECT 1 FROM contents WHERE id = ? AND bytes IS NULL", {id}, [](Row const&) { return true; })
        .has_value();
}

std::vector<std::int64_t> list_removals(Connection& connection, std::size_t limit, std::int64_t after) {
    return connection.all(
        "SELECT content_id FROM removals WHERE content_id > ? ORDER BY content_id LIMIT ?",
        {after, limit},
        [](Row const& row) { return row.integer(0); }
    );
}

void forget_removals(Transaction& transaction, std::vector<std::int64_t> const& ids) {
    for (auto const id : ids) {
        transaction.connection().execute("DELETE FROM removals WHERE content_id = ?", {id});
    }
}

std::int64_t find_checked_id(Connection& connection) {
    auto const id = connection.find(
        "SELECT value FROM counters WHERE name = 'checked_content_id'",
        {},
        [](Row const& row) { return row.integer(0); }
    );
    return id.value_or(0);
}

void set_checked_id(Transaction& transaction, std::int64_t id) {
    transaction.connection().execute("INSERT OR REPLACE INTO counters VALUES('checked_content_id', ?)", {id});
}

std::int64_t reserve_content_ids(Transaction& transaction, std::int64_t count) {
    auto& connection = transaction.connection();
    auto const first =
        connection.find("SELECT value FROM counters WHERE name = 'next_content_id'", {}, [](Row const& row) {
            return row.integer(0);
        });
    connection.execute("UPDATE counters SET value = value + ? WHERE name = 'next_content_id'", {count});
    return first.value();
}

}  // namespace bluebatch::emulator::storage::blob
