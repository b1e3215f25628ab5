#pragma once

#include "emulator/domain/node_task.hpp"
#include "emulator/storage/batch/batch_store.hpp"

// What preparation and release tasks of jobs did on nodes. Batch: PREP-9
namespace bluebatch::emulator::storage {

// Adds it, or takes the place of what there was of the job on that node.
void put_job_on_node(Transaction& transaction, domain::JobOnNode const& status);

// In order of pools and nodes. `query.after` is "POOL/NODE", of the last one of the page before.
std::vector<domain::JobOnNode> list_job_on_nodes(
    Connection& connection, std::string_view job_id, ListQuery const& query
);

std::optional<domain::JobOnNode> find_job_on_node(
    Connection& connection, std::string_view job_id, std::string_view pool_id, std::string_view node_id
);

void delete_job_on_node(Transaction& transaction, domain::JobOnNode const& status);

// What jobs had prepared on the node is there no more.
void note_lost_files(Transaction& transaction, std::string_view pool_id, std::string_view node_id);

// Where a release task is still due: preparation has ended, and release has not. Batch: REL-2
std::vector<domain::JobOnNode> list_unreleased_nodes(Connection& connection, std::string_view job_id);

}  // namespace bluebatch::emulator::storage
