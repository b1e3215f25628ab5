#include "emulator/storage/sqlite.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace bluebatch::emulator::storage {
namespace {

struct DatabaseTest : testing::Test {
    tests::TemporaryDirectory folder;
    std::vector<std::string> schema{"CREATE TABLE blob (name TEXT PRIMARY KEY, size INTEGER)"};
    std::unique_ptr<Database> database = open();

    std::unique_ptr<Database> open() {
        return std::make_unique<Database>(folder.path() / "test.sqlite", schema, Durability::process);
    }
    void insert(std::string_view name, int size) {
        Transaction transaction(*database);
        transaction.connection().execute("INSERT INTO blob VALUES (?, ?)", {name, size});
        transaction.commit();
    }
    std::int64_t count() {
        Snapshot snapshot(*database);
        return snapshot.connection()
            .find("SELECT count(*) FROM blob", {}, [](Row const& row) { return row.integer(0); })
            .value();
    }
};

TEST_F(DatabaseTest, KeepsWhatIsCommitted) {
    insert("a", 1);
    database.reset();
    database = open();
    EXPECT_EQ(count(), 1);
}

TEST_F(DatabaseTest, OpensWhatIsThereWithoutWriting) {
    insert("a", 1);
    database.reset();
    database = open();
    EXPECT_EQ(std::filesystem::file_size(folder.path() / "test.sqlite-wal"), 0U);
    Snapshot snapshot(*database);
    auto const number = [](Row const& row) { return row.integer(0); };
    constexpr int kIncremental = 2;
    EXPECT_EQ(snapshot.connection().find("PRAGMA auto_vacuum", {}, number), kIncremental);
}

TEST_F(DatabaseTest, ForgetsWhatIsNotCommitted) {
    {
        Transaction transaction(*database);
        transaction.connection().execute("INSERT INTO blob VALUES ('a', 1)");
    }
    EXPECT_EQ(count(), 0);
}

TEST_F(DatabaseTest, RunsActionsOnlyAfterACommit) {
    int runs = 0;
    {
        Transaction dropped(*database);
        dropped.after_commit([&] { ++runs; });
    }
    EXPECT_EQ(runs, 0);
    Transaction kept(*database);
    kept.after_commit([&] { ++runs; });
    kept.commit();
    EXPECT_EQ(runs, 1);
}

TEST_F(DatabaseTest, TellsATransactionWhoWaitsForIt) {
    Transaction first(*database);
    EXPECT_FALSE(first.is_awaited());
    std::thread other([&] { insert("b", 2); });
    while (!first.is_awaited())
        std::this_thread::yield();
    first.commit();
    other.join();
    EXPECT_EQ(count(), 1);

    Transaction second(*database);
    EXPECT_FALSE(second.is_awaited());
    second.after_commit([] {});
    EXPECT_TRUE(second.is_awaited());
}

TEST_F(DatabaseTest, ShowsASnapshotOneMoment) {
    insert("a", 1);
    Snapshot snapshot(*database);
    auto const read = [&] {
        return snapshot.connection().find("SELECT count(*) FROM blob", {}, [](Row const& row) {
            return row.integer(0);
        });
    };
    EXPECT_EQ(read(), 1);
    std::thread([&] { insert("b", 2); }).join();
    EXPECT_EQ(read(), 1);
    EXPECT_EQ(count(), 2);
}

TEST_F(DatabaseTest, AddsUpWhatIsAddedLater) {
    insert("a", 1);
    insert("b", 10);
    auto const add = [](Connection& connection, std::int64_t row, std::int64_t amount) {
        connection.add_later(
            "UPDATE blob SET size = size + ? WHERE rowid = ?", row, std::array<std::int64_t, 1>{amount}
        );
    };
    auto const sum = [](Connection& connection) {
        return connection
            .find("SELECT sum(size) FROM blob", {}, [](Row const& row) { return row.integer(0); })
            .value();
    };
    {
        Transaction transaction(*database);
        auto& connection = transaction.connection();
        add(connection, 1, 2);
        add(connection, 2, 5);
        add(connection, 1, 3);
        EXPECT_EQ(sum(connection), 11);
        connection.write_sums();
        EXPECT_EQ(sum(connection), 21);
        add(connection, 1, 100);
        transaction.commit();
    }
    EXPECT_EQ(sum(Snapshot(*database).connection()), 121);
    {
        Transaction dropped(*database);
        add(dropped.connection(), 1, 1000);
    }
    insert("c", 0);
    EXPECT_EQ(sum(Snapshot(*database).connection()), 121);
}

TEST_F(DatabaseTest, RunsAQueryInsideAQueryOfTheSameText) {
    insert("a", 1);
    insert("b", 2);
    Snapshot snapshot(*database);
    constexpr auto kSelect = "SELECT name FROM blob ORDER BY name";
    std::string seen;
    snapshot.connection().query(kSelect, {}, [&](Row const& outer) {
        seen += outer.text(0);
        snapshot.connection().query(kSelect, {}, [&](Row const& inner) {
            seen += inner.text(0);
            return true;
        });
        return true;
    });
    EXPECT_EQ(seen, "aabbab");
}

TEST_F(DatabaseTest, KeepsAQueryAliveWhileManyOthersAreForgotten) {
    insert("a", 1);
    insert("b", 2);
    Snapshot snapshot(*database);
    std::string seen;
    snapshot.connection().query("SELECT name FROM blob ORDER BY name", {}, [&](Row const& row) {
        seen += row.text(0);
        for (int i = 0; i < 500; ++i) {
            snapshot.connection().execute("SELECT " + std::to_string(i));
        }
        return true;
    });
    EXPECT_EQ(seen, "ab");
}

TEST_F(DatabaseTest, BindsEveryKindOfValue) {
    Transaction transaction(*database);
    auto& connection = transaction.connection();
    connection.run_script("CREATE TEMP TABLE kinds (a, b, c, d, e)");
    std::optional<std::string> const absent;
    connection.execute(
        "INSERT INTO kinds VALUES (?, ?, ?, ?, ?)", {absent, true, 1.5, "text", Value::bytes({"\0x", 2})}
    );
    connection.query("SELECT * FROM kinds", {}, [](Row const& row) {
        EXPECT_FALSE(row.optional_text(0));
        EXPECT_EQ(row.integer(1), 1);
        EXPECT_EQ(row.real(2), 1.5);
        EXPECT_EQ(row.text(3), "text");
        EXPECT_EQ(row.text(4), std::string_view("\0x", 2));
        return true;
    });
}

TEST_F(DatabaseTest, ReportsFaultsWithTheStatement) {
    Transaction transaction(*database);
    EXPECT_THROW(transaction.connection().execute("INSERT INTO nowhere VALUES (1)"), StorageError);
}

TEST_F(DatabaseTest, BringsAnOlderFileUpToDate) {
    insert("a", 1);
    database.reset();
    schema.emplace_back("ALTER TABLE blob ADD COLUMN tier TEXT DEFAULT 'Hot'");
    database = open();
    Snapshot snapshot(*database);
    EXPECT_EQ(
        snapshot.connection().find(
            "SELECT tier FROM blob", {}, [](Row const& row) { return std::string(row.text(0)); }
        ),
        "Hot"
    );
}

TEST_F(DatabaseTest, RefusesAFileOfANewerProgram) {
    schema.emplace_back("SELECT 1");
    database = open();
    database.reset();
    schema.pop_back();
    EXPECT_THROW(open(), StorageError);
}

}  // namespace
}  // namespace bluebatch::emulator::storage
