#include "emulator/storage/batch/room.hpp"

namespace bluebatch::emulator::storage {

void give_room(Database& database) {
    Transaction transaction(database);
    auto& connection = transaction.connection();
    for (auto const* setting :
         {"PRAGMA cache_size=-32768", "PRAGMA wal_autocheckpoint=4000", "PRAGMA journal_size_limit=16777216"})
        connection.execute(setting);
    transaction.commit();
}

}  // namespace bluebatch::emulator::storage
