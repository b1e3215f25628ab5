#include "emulator/storage/blob/pending_copies.hpp"

namespace bluebatch::emulator::storage::blob {

void insert_pending_copy(Transaction& transaction, std::int64_t blob_id) {
    transaction.connection().execute("INSERT OR IGNORE INTO pending_copies(blob_id) VALUES(?)", {blob_id});
}

void remove_pending_copy(Transaction& transaction, std::int64_t blob_id) {
    transaction.connection().execute("DELETE FROM pending_copies WHERE blob_id = ?", {blob_id});
}

std::vector<std::int64_t> list_pending_copies(Connection& connection) {
    return connection.all("SELECT blob_id FROM pending_copies", {}, [](Row const& row) {
        return row.integer(0);
    });
}

}  // namespace bluebatch::emulator::storage::blob
