#include "emulator/storage/sqlite.hpp"

#include "emulator/storage/group_sync.hpp"
#include "shared/base/log.hpp"

#include <fmt/format.h>

#include <sqlite3.h>

#include <algorithm>
#include <functional>

namespace bluebatch::emulator::storage {

namespace {

// Statements are literals but for filters of lists, whose shapes users choose.
constexpr std::size_t kMostStatements = 200;

// Free pages that the file keeps for what comes next; beyond, they go back to the file system bit by bit.
constexpr std::int64_t kPagesToKeep = 1024;
constexpr std::int64_t kPagesAtOnce = 512;
constexpr std::uint64_t kCommitsBetweenLooks = 16;

[[noreturn]] void fail(sqlite3* handle, std::string_view doing) {
    int const code = handle != nullptr ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
    char const* const text = handle != nullptr ? sqlite3_errmsg(handle) : "out of memory";
    throw StorageError(code, fmt::format("database: {} ({})", text, doing));
}

// Counting its memory would cost SQLite a lock for each piece of it. For the whole process, before anything
// else of SQLite.
void stop_counting_memory() {
    static bool const done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
    (void)done;
}

// auto_vacuum is for new files only; others keep their free pages for themselves. Said to one that is there,
// it would be written again, and synced, at each start.
void set_up_file(Connection& connection) {
    auto const pages =
        connection.find("PRAGMA page_count", {}, [](Row const& row) { return row.integer(0); }).value_or(0);
    if (pages == 0) connection.run_script("PRAGMA auto_vacuum=INCREMENTAL;");
    connection.run_script("PRAGMA journal_mode=WAL;");
}

// A file in WAL mode whose first page is on the disk: without it the log beside it counts for nothing.
// Whoever closes any descriptor of the file takes the process's locks on it away, and they are what keeps
// other processes from removing the log; so this is for the time before it is in use, and from then on SQLite
// alone syncs it.
void make_durable_file(std::filesystem::path const& file, Disk& disk) {
    {
        Connection connection(file, Connection::Mode::read_write);
        set_up_file(connection);
    }
    disk.sync_file(file);
}

}  // namespace

StorageError StorageError::not_durable() {
    return {SQLITE_IOERR_FSYNC, "database: what is written does not reach the disk any more"};
}

bool StorageError::is_full() const {
    // Memory that connections share is a file as well.
    return (code_ & 0xFF) == SQLITE_FULL || code_ == SQLITE_IOERR_WRITE || code_ == SQLITE_IOERR_SHMSIZE;
}

bool Row::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Row::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}
double Row::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view Row::text(int column) const {
    // The blob form first: it never converts, and for text it is the text.
    auto const* const data = static_cast<char const*>(sqlite3_column_blob(statement_, column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Row::optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional{integer(column)};
}

std::optional<std::string> Row::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional{std::string(text(column))};
}

Value Value::bytes(std::string_view content) {
    Value value(content);
    value.kind_ = Kind::bytes;
    return value;
}

void Value::bind(sqlite3_stmt* statement, int index) const {
    auto const size = static_cast<sqlite3_uint64>(text_.size());
    char const* const data = text_.data() == nullptr ? "" : text_.data();
    int code = SQLITE_OK;
    switch (kind_) {
        case Kind::null:
            code = sqlite3_bind_null(statement, index);
            break;
        case Kind::integer:
            code = sqlite3_bind_int64(statement, index, integer_);
            break;
        case Kind::real:
            code = sqlite3_bind_double(statement, index, real_);
            break;
        case Kind::text:
            code = sqlite3_bind_text64(statement, index, data, size, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case Kind::bytes:
            code = sqlite3_bind_blob64(statement, index, data, size, SQLITE_STATIC);
            break;
    }
    if (code != SQLITE_OK) fail(sqlite3_db_handle(statement), sqlite3_sql(statement));
}

Connection::Connection(std::filesystem::path const& file, Mode mode) {
    stop_counting_memory();
    int const flags =
        SQLITE_OPEN_NOMUTEX |
        (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
        std::string const text = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
        int const code = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : SQLITE_NOMEM;
        sqlite3_close(handle_);
        throw StorageError(code, fmt::format("database {}: {}", file.string(), text));
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 10'000);
}

Connection::~Connection() {
    for (auto const& [sql, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void Connection::forget_idle_statements() {
    std::erase_if(statements_, [](auto const& entry) {
        bool const is_idle = sqlite3_stmt_busy(entry.second) == 0;
        if (is_idle) sqlite3_finalize(entry.second);
        return is_idle;
    });
}

sqlite3_stmt* Connection::prepare(std::string_view sql) {
    if (statements_.size() >= kMostStatements) forget_idle_statements();
    sqlite3_stmt* statement = nullptr;
    auto const size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(handle_, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK)
        fail(handle_, sql);
    return statement;
}

// One run of a statement: bound at the start, reset at the end, thrown away when the cache holds another of
// its text.
class Connection::Use {
public:
    Use(Connection& connection, std::string_view sql, Values const& values) {
        auto const known = connection.statements_.find(sql);
        // A query inside a query of the same text gets a statement of its own.
        if (known != connection.statements_.end() && sqlite3_stmt_busy(known->second) == 0) {
            statement_ = known->second;
        } else {
            statement_ = connection.prepare(sql);
            cached_ = connection.statements_.try_emplace(std::string(sql), statement_).second;
        }
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i].bind(statement_, static_cast<int>(i) + 1);
    }
    ~Use() {
        sqlite3_reset(statement_);
        if (!cached_) sqlite3_finalize(statement_);
    }
    Use(Use const&) = delete;
    Use& operator=(Use const&) = delete;

    bool step() {
        int const code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
        return false;
    }
    Row row() const { return Row{statement_}; }

private:
    sqlite3_stmt* statement_ = nullptr;
    bool cached_ = true;
};

void Connection::execute(std::string_view sql, Values const& values) {
    Use use(*this, sql, values);
    while (use.step()) {
    }
}

void Connection::query(
    std::string_view sql, Values const& values, std::function<bool(Row const&)> const& each
) {
    Use use(*this, sql, values);
    while (use.step()) {
        if (!each(use.row())) return;
    }
}

std::int64_t Connection::last_row_id() const {
    return sqlite3_last_insert_rowid(handle_);
}
std::int64_t Connection::changes() const {
    return sqlite3_changes(handle_);
}

void Connection::add_later(std::string_view sql, std::int64_t key, std::span<std::int64_t const> amounts) {
    auto& sums = sums_[{sql, key}];
    sums.resize(amounts.size());
    std::ranges::transform(sums, amounts, sums.begin(), std::plus{});
}

void Connection::write_sums() {
    while (!sums_.empty()) {
        auto const& [row, sums] = *sums_.begin();
        Values values(sums.begin(), sums.end());
        values.emplace_back(row.second);
        bool const changes_nothing = std::ranges::all_of(sums, [](auto sum) { return sum == 0; });
        if (!changes_nothing) execute(row.first, values);
        sums_.erase(sums_.begin());
    }
}

void Connection::run_script(std::string const& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_, "script");
}

Database::Database(
    std::filesystem::path file, std::vector<std::string> const& schema, Durability durability, Disk& disk
)
    : file_(std::move(file)) {
    if (durability == Durability::fsync) make_durable_file(file_, disk);
    writer_ = std::make_unique<Connection>(file_, Connection::Mode::read_write);
    set_up_file(*writer_);
    writer_->run_script(
        "PRAGMA journal_size_limit=8388608; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
        "PRAGMA cache_size=-4096;"
    );
    // OFF leaves the flushing to the kernel: what is committed survives the process, not a power cut. NORMAL
    // syncs where log and file must keep their order; that a commit is durable is seen to by GroupSync, once
    // for many commits.
    if (durability == Durability::process) {
        writer_->run_script("PRAGMA synchronous=OFF;");
        apply(schema);
        return;
    }
    writer_->run_script("PRAGMA synchronous=NORMAL;");
    apply(schema);
    disk.sync_folder(file_.parent_path());
    sync_ = std::make_unique<GroupSync>(file_.string() + "-wal", disk);
    sync_->note_commit();
    flush();
}

void Database::apply(std::vector<std::string> const& schema) {
    auto const version =
        writer_->find("PRAGMA user_version", {}, [](Row const& row) { return row.integer(0); }).value_or(0);
    if (version > static_cast<std::int64_t>(schema.size())) {
        throw StorageError(
            SQLITE_MISMATCH,
            fmt::format(
                "{} was written by a newer bluebatch; use that, or another --location", file_.string()
            )
        );
    }
    for (auto step = static_cast<std::size_t>(version); step < schema.size(); ++step) {
        writer_->run_script(fmt::format("BEGIN; {}; PRAGMA user_version={}; COMMIT;", schema[step], step + 1)
        );
    }
}

Database::~Database() = default;

void Database::flush() {
    if (sync_) sync_->wait_for_all();
}

std::unique_lock<std::mutex> Database::lock_for_writing() {
    ++waiting_writers_;
    std::unique_lock lock(write_mutex_);
    --waiting_writers_;
    return lock;
}

// Within the write lock, after a commit that stands whatever happens here.
void Database::give_back_space() noexcept {
    if (++commits_ % kCommitsBetweenLooks != 0) return;
    try {
        auto const free =
            writer_->find("PRAGMA freelist_count", {}, [](Row const& row) { return row.integer(0); });
        if (free.value_or(0) <= kPagesToKeep) return;
        static std::string const sql = fmt::format("PRAGMA incremental_vacuum({})", kPagesAtOnce);
        writer_->execute(sql);
        if (sync_) sync_->note_commit();
    } catch (std::exception const& error) {
        // A full disk: the pages stay in the file, where they are of use as well.
        base::log::warning("free pages of {} stay there: {}", file_.string(), error.what());
    }
}

Transaction::Transaction(Database& database)
    : database_(database), lock_(database.lock_for_writing()), connection_(database.writer_.get()) {
    connection_->execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    connection_->sums_.clear();
    try {
        connection_->execute("ROLLBACK");
    } catch (StorageError const&) {
        // SQLite has already rolled back by itself, as it does when the disk is full.
        open_ = false;
    }
}

bool Transaction::is_awaited() const {
    return database_.waiting_writers_ > 0 || !after_commit_.empty();
}

void Transaction::commit() {
    connection_->write_sums();
    connection_->execute("COMMIT");
    open_ = false;
    auto* const sync = database_.sync_.get();
    auto const number = sync != nullptr ? sync->note_commit() : 0;
    database_.give_back_space();
    lock_.unlock();
    for (auto const& action : after_commit_)
        action();
    if (sync != nullptr) sync->wait_for(number);
}

Snapshot::Snapshot(Database& database) : database_(database) {
    {
        std::scoped_lock const lock(database_.readers_mutex_);
        if (!database_.idle_readers_.empty()) {
            connection_ = std::move(database_.idle_readers_.back());
            database_.idle_readers_.pop_back();
        }
    }
    if (!connection_) {
        connection_ = std::make_unique<Connection>(database_.file_, Connection::Mode::read_only);
        connection_->run_script("PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;");
    }
    connection_->execute("BEGIN");
}

Snapshot::~Snapshot() {
    try {
        connection_->execute("COMMIT");
    } catch (StorageError const&) {
        return;  // a connection in doubt is closed, not reused
    }
    std::scoped_lock const lock(database_.readers_mutex_);
    database_.idle_readers_.push_back(std::move(connection_));
}

}  // namespace bluebatch::emulator::storage
