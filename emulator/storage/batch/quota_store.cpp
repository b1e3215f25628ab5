#include "emulator/storage/batch/quota_store.hpp"

#include "emulator/domain/job.hpp"

namespace bluebatch::emulator::storage {
namespace {

std::int64_t read_count(Row const& row) {
    return row.integer(0);
}

}  // namespace

std::int64_t count_pools(Connection& connection) {
    return connection.find("SELECT count(*) FROM pools", {}, read_count).value_or(0);
}

std::int64_t count_active_jobs(Connection& connection) {
    return connection
        .find("SELECT count(*) FROM jobs WHERE state <> ?", {domain::JobState::completed}, read_count)
        .value_or(0);
}

}  // namespace bluebatch::emulator::storage
