#include "emulator/storage/sqlite.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/wait.h>

#include <array>
#include <filesystem>

namespace bluebatch::emulator::storage {
namespace {

namespace fs = std::filesystem;

std::int64_t count_rows(Connection& connection) {
    return connection.find(
                         "SELECT count(*) FROM thing", {}, [](Row const& row) { return row.integer(0); }
    ).value_or(-1);
}

// Somebody who looks into the database with the tool of their choice, when told to. It is there before the
// file is, so that SQLite does not take the parent's locks for its own.
class Visitor {
public:
    explicit Visitor(fs::path const& file) {
        EXPECT_EQ(::pipe(pipe_.data()), 0);
        child_ = ::fork();
        if (child_ == 0) visit(file);
    }
    ~Visitor() {
        ::close(pipe_[0]);
        ::close(pipe_[1]);
    }
    // How many rows it saw.
    int let_in() {
        EXPECT_EQ(::write(pipe_[1], "x", 1), 1);
        int status = 0;
        EXPECT_EQ(::waitpid(child_, &status, 0), child_);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    [[noreturn]] void visit(fs::path const& file) const {
        constexpr int kFailed = 99;
        char told = 0;
        ::close(pipe_[1]);
        if (::read(pipe_[0], &told, 1) != 1) ::_exit(kFailed);
        int rows = kFailed;
        try {
            Connection connection(file, Connection::Mode::read_write);
            rows = static_cast<int>(count_rows(connection));
        } catch (std::exception const&) {
            rows = kFailed;
        }
        ::_exit(rows);
    }

    std::array<int, 2> pipe_{};
    ::pid_t child_ = 0;
};

void insert(Database& database) {
    Transaction transaction(database);
    transaction.connection().execute("INSERT INTO thing VALUES (1)");
    transaction.commit();
}

class OtherProcess : public testing::TestWithParam<Durability> {};

TEST_P(OtherProcess, ThatReadsTheDatabaseLeavesTheLogAlone) {
    tests::TemporaryDirectory const folder;
    auto const file = folder.path() / "test.sqlite";
    auto const log = folder.path() / "test.sqlite-wal";
    Visitor visitor(file);
    Database database(file, {"CREATE TABLE thing (id INTEGER)"}, GetParam());
    insert(database);

    EXPECT_EQ(visitor.let_in(), 1);

    ASSERT_TRUE(fs::exists(log));
    insert(database);
    // What is there if the process ends now.
    auto const left = folder.path() / "left";
    fs::create_directory(left);
    fs::copy_file(file, left / file.filename());
    fs::copy_file(log, left / log.filename());
    Connection connection(left / file.filename(), Connection::Mode::read_write);
    EXPECT_EQ(count_rows(connection), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Durabilities,
    OtherProcess,
    testing::Values(Durability::process, Durability::fsync),
    [](auto const& tested) { return tested.param == Durability::fsync ? "fsync" : "process"; }
);

}  // namespace
}  // namespace bluebatch::emulator::storage
