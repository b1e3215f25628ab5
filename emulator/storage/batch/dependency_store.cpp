#include "emulator/storage/batch/dependency_store.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::storage {
namespace {

constexpr std::string_view kJob = "(SELECT sequence FROM jobs WHERE id = ?)";

std::int64_t read_integer(Row const& row) {
    return row.integer(0);
}

std::optional<std::int64_t> find_job_sequence(Connection& connection, std::string_view job_id) {
    return connection.find("SELECT sequence FROM jobs WHERE id = ?", {job_id}, read_integer);
}

// No id has this sign, so it tells numbers from ids.
std::string awaited_number(std::int64_t number) {
    return fmt::format("#{}", number);
}

bool is_satisfied(Connection& connection, std::int64_t job, std::string_view task_id) {
    return connection
        .find("SELECT 1 FROM satisfied_tasks WHERE job = ? AND id = ?", {job, task_id}, read_integer)
        .has_value();
}

// Satisfied numbers that follow each other are one row; between two rows at least one is missing.
struct Numbers {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

std::optional<Numbers> find_numbers(Connection& connection, std::int64_t job, std::int64_t number) {
    auto const found = connection.find(
        "SELECT first, last FROM satisfied_numbers WHERE job = ? AND first <= ? ORDER BY first DESC LIMIT 1",
        {job, number},
        [](Row const& row) {
            return Numbers{row.integer(0), row.integer(1)};
        }
    );
    return found && found->last >= number ? found : std::nullopt;
}

std::optional<std::int64_t> find_missing(
    Connection& connection, std::int64_t job, domain::TaskIdRange const& range
) {
    auto const numbers = find_numbers(connection, job, range.start);
    auto const missing = numbers ? numbers->last + 1 : range.start;
    return missing <= range.end ? std::optional{missing} : std::nullopt;
}

// False when it was satisfied before.
bool add_number(Connection& connection, std::int64_t job, std::int64_t number) {
    if (find_numbers(connection, job, number)) return false;
    auto const before = find_numbers(connection, job, number - 1);
    auto const after = find_numbers(connection, job, number + 1);
    if (after) {
        connection.execute("DELETE FROM satisfied_numbers WHERE job = ? AND first = ?", {job, after->first});
    }
    connection.execute(
        "INSERT INTO satisfied_numbers (job, first, last) VALUES (?, ?, ?)"
        " ON CONFLICT (job, first) DO UPDATE SET last = excluded.last",
        {job, before ? before->first : number, after ? after->last : number}
    );
    return true;
}

struct Waiting {
    std::int64_t sequence = 0;
    std::int64_t position = 0;
};

std::vector<Waiting> take_waiting(Connection& connection, std::int64_t job, std::string_view awaited) {
    auto waiting = connection.all(
        "SELECT task, position FROM task_waits WHERE job = ? AND awaited = ? ORDER BY task",
        {job, awaited},
        [](Row const& row) {
            return Waiting{row.integer(0), row.integer(1)};
        }
    );
    connection.execute("DELETE FROM task_waits WHERE job = ? AND awaited = ?", {job, awaited});
    return waiting;
}

struct Blocked {
    UnblockedTask task;
    std::string document;
};

std::optional<Blocked> find_blocked(Connection& connection, std::int64_t sequence) {
    return connection.find(
        "SELECT sequence, id, required_slots, instances, document FROM tasks WHERE sequence = ? AND blocked",
        {sequence},
        [](Row const& row) {
            return Blocked{
                {row.integer(0),
                 std::string(row.text(1)),
                 static_cast<int>(row.integer(2)),
                 static_cast<int>(row.integer(3))},
                std::string(row.text(4))};
        }
    );
}

}  // namespace

std::optional<Wait> find_wait(
    Connection& connection,
    std::string_view job_id,
    domain::TaskDependencies const& dependencies,
    std::int64_t position
) {
    auto const job = find_job_sequence(connection, job_id).value_or(0);
    auto const ids = static_cast<std::int64_t>(dependencies.task_ids.size());
    auto const all = ids + static_cast<std::int64_t>(dependencies.task_id_ranges.size());
    for (; position < all; ++position) {
        if (position < ids) {
            auto const& id = dependencies.task_ids[static_cast<std::size_t>(position)];
            if (!is_satisfied(connection, job, id)) return Wait{id, position};
        } else {
            auto const& range = dependencies.task_id_ranges[static_cast<std::size_t>(position - ids)];
            if (auto const missing = find_missing(connection, job, range))
                return Wait{awaited_number(*missing), position};
        }
    }
    return std::nullopt;
}

void insert_wait(
    Transaction& transaction, std::string_view job_id, std::int64_t task_sequence, Wait const& wait
) {
    static std::string const sql =
        fmt::format("INSERT INTO task_waits (job, awaited, task, position) VALUES ({}, ?, ?, ?)", kJob);
    transaction.connection().execute(sql, {job_id, wait.awaited, task_sequence, wait.position});
}

std::int64_t count_blocked_tasks(Connection& connection, std::string_view job_id) {
    static std::string const sql = fmt::format(
        "SELECT count(*) FROM task_waits w JOIN tasks t ON t.sequence = w.task WHERE w.job = {} AND t.state "
        "= 0",
        kJob
    );
    return connection.find(sql, {job_id}, read_integer).value_or(0);
}

std::vector<UnblockedTask> satisfy_dependents(
    Transaction& transaction,
    std::string_view job_id,
    std::string_view task_id,
    ReadDependencies const& read_dependencies
) {
    auto& connection = transaction.connection();
    auto const job = find_job_sequence(connection, job_id);
    if (!job || is_satisfied(connection, *job, task_id)) return {};
    connection.execute("INSERT INTO satisfied_tasks (job, id) VALUES (?, ?)", {*job, task_id});
    auto waiting = take_waiting(connection, *job, task_id);
    auto const number = domain::number_of_id(task_id);
    if (number && add_number(connection, *job, *number)) {
        auto const by_number = take_waiting(connection, *job, awaited_number(*number));
        waiting.insert(waiting.end(), by_number.begin(), by_number.end());
    }
    std::vector<UnblockedTask> unblocked;
    for (auto const& [sequence, position] : waiting) {
        auto blocked = find_blocked(connection, sequence);
        if (!blocked) continue;
        auto const wait = find_wait(connection, job_id, read_dependencies(blocked->document), position);
        if (wait) {
            insert_wait(transaction, job_id, sequence, *wait);
            continue;
        }
        connection.execute("UPDATE tasks SET blocked = 0 WHERE sequence = ?", {sequence});
        unblocked.push_back(std::move(blocked->task));
    }
    return unblocked;
}

}  // namespace bluebatch::emulator::storage
