#pragma once

#include "emulator/storage/disk.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace bluebatch::emulator::storage {

// A row of a running query; columns count from 0. Text views live until the query's next step.
class Row {
public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;  // also for blobs
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<std::string> optional_text(int column) const;

private:
    sqlite3_stmt* statement_;
};

// One value for a `?` of a statement. Text views must outlive the call they are passed to.
class Value {
public:
    enum class Kind : std::uint8_t { null, integer, real, text, bytes };

    Value(std::nullptr_t) {}
    Value(std::nullopt_t) {}
    template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>) Value(T number)
        : kind_(Kind::integer), integer_(static_cast<std::int64_t>(number)) {}
    Value(double number) : kind_(Kind::real), real_(number) {}
    Value(std::string_view text) : kind_(Kind::text), text_(text) {}
    Value(std::string const& text) : kind_(Kind::text), text_(text) {}
    Value(char const* text) : kind_(Kind::text), text_(text) {}
    template <class T>
    Value(std::optional<T> const& value) {
        if (value) *this = Value(*value);
    }
    static Value bytes(std::string_view content);

    void bind(sqlite3_stmt* statement, int index) const;

private:
    Kind kind_ = Kind::null;
    std::int64_t integer_ = 0;
    double real_ = 0;
    std::string_view text_;
};

using Values = std::vector<Value>;

// One SQLite connection with its prepared statements, kept by their text. Used by one thread at a time.
// Every failure throws StorageError: the machine is in trouble or our SQL is wrong.
class Connection {
public:
    enum class Mode : std::uint8_t { read_only, read_write };

    Connection(std::filesystem::path const& file, Mode mode);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // `sql` is the key of the statement cache, which is emptied when it has grown to a few hundred: it must
    // be a string literal or be built from literals only, never from values.
    void execute(std::string_view sql, Values const& values = {});
    // Calls `each` for every row; returning false from it ends the query.
    void query(std::string_view sql, Values const& values, std::function<bool(Row const&)> const& each);
    // The first row, read by `read`.
    template <class Read>
    auto find(std::string_view sql, Values const& values, Read read)
        -> std::optional<decltype(read(std::declval<Row const&>()))> {
        std::optional<decltype(read(std::declval<Row const&>()))> found;
        query(sql, values, [&](Row const& row) {
            found.emplace(read(row));
            return false;
        });
        return found;
    }
    template <class Read>
    auto all(std::string_view sql, Values const& values, Read read)
        -> std::vector<decltype(read(std::declval<Row const&>()))> {
        std::vector<decltype(read(std::declval<Row const&>()))> rows;
        query(sql, values, [&](Row const& row) {
            rows.push_back(read(row));
            return true;
        });
        return rows;
    }
    std::int64_t last_row_id() const;
    // Rows changed by the last execute().
    std::int64_t changes() const;
    // For sums that a transaction changes again and again: amounts for the same statement and row are added
    // up, and the statement runs once with their sums and then the row's key, at the commit or when whoever
    // reads the row calls write_sums(). `sql` is as for execute(), and a literal. Rolled back with the rest.
    void add_later(std::string_view sql, std::int64_t key, std::span<std::int64_t const> amounts);
    void write_sums();
    // Statements separated by ';', not cached; for schemas.
    void run_script(std::string const& sql);

private:
    class Use;
    friend class Transaction;
    sqlite3_stmt* prepare(std::string_view sql);
    void forget_idle_statements();

    sqlite3* handle_ = nullptr;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
    std::map<std::pair<std::string_view, std::int64_t>, std::vector<std::int64_t>> sums_;
};

class StorageError : public std::runtime_error {
public:
    StorageError(int code, std::string const& what) : std::runtime_error(what), code_(code) {}
    static StorageError not_durable();
    int code() const { return code_; }
    bool is_full() const;  // SQLITE_FULL or an I/O error for want of space

private:
    int code_;
};

class Database;
class GroupSync;

// A write transaction: holds the database's write lock, rolls back unless committed. Functions that must run
// inside one take Transaction& as proof.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;

    Connection& connection() { return *connection_; }
    // Run once the commit is done and the lock released, before it is known to be durable: wake-ups, letting
    // go of what the commit has taken over.
    void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }
    // Whether somebody waits for its end: for the lock, or for what is to be done after the commit.
    bool is_awaited() const;
    // Returns once the changes are as durable as the database's are to be. Throws StorageError when they
    // can't be made, or, with Durability::fsync, when they are made and may not outlast a loss of power.
    void commit();

private:
    Database& database_;
    std::unique_lock<std::mutex> lock_;
    Connection* connection_;
    bool open_ = true;
    std::vector<std::function<void()>> after_commit_;
};

// A connection for reading, leased from the database's pool; sees the state of one moment while a Snapshot
// lives.
class Snapshot {
public:
    explicit Snapshot(Database& database);
    ~Snapshot();
    Snapshot(Snapshot const&) = delete;
    Snapshot& operator=(Snapshot const&) = delete;
    Connection& connection() { return *connection_; }

private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
};

// A database file in WAL mode: one writing connection, any number of readers. Thread-safe.
class Database {
public:
    // `schema` holds one script per version; those beyond the file's user_version are applied, each in a
    // transaction. Throws StorageError when the file is newer than the schema, with a text that says so.
    Database(
        std::filesystem::path file,
        std::vector<std::string> const& schema,
        Durability durability,
        Disk& disk = flushing_disk()
    );
    ~Database();

    // Returns once every commit so far is durable, whoever made it.
    void flush();

private:
    friend class Transaction;
    friend class Snapshot;
    void apply(std::vector<std::string> const& schema);
    std::unique_lock<std::mutex> lock_for_writing();
    void give_back_space() noexcept;

    std::filesystem::path file_;
    std::mutex write_mutex_;
    std::atomic<int> waiting_writers_ = 0;
    std::unique_ptr<Connection> writer_;
    std::uint64_t commits_ = 0;        // guarded by write_mutex_
    std::unique_ptr<GroupSync> sync_;  // nothing: the process is all that is to be outlasted
    std::mutex readers_mutex_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;
};

}  // namespace bluebatch::emulator::storage
