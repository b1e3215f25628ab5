#include "emulator/storage/batch/node_user_store.hpp"

#include "emulator/storage/batch/record.hpp"

namespace bluebatch::emulator::storage {
namespace {

domain::NodeUser read_node_user(Row const& row) {
    domain::NodeUser user;
    user.pool_id = row.text(0);
    user.node_id = row.text(1);
    user.name = row.text(2);
    user.is_admin = row.integer(3) != 0;
    user.expiry_time = record::time(row, 4);
    user.has_password = row.integer(5) != 0;
    user.ssh_public_key = row.text(6);
    return user;
}

}  // namespace

std::optional<domain::NodeUser> find_node_user(
    Connection& connection, std::string_view pool_id, std::string_view node_id, std::string_view name
) {
    return connection.find(
        "SELECT pool_id, node_id, name, is_admin, expiry_time, has_password, ssh_public_key FROM node_users"
        " WHERE pool_id = ? AND node_id = ? AND name = ?",
        {pool_id, node_id, name},
        read_node_user
    );
}

void put_node_user(Transaction& transaction, domain::NodeUser const& user) {
    transaction.connection().execute(
        "INSERT OR REPLACE INTO node_users VALUES (?, ?, ?, ?, ?, ?, ?)",
        {user.pool_id,
         user.node_id,
         user.name,
         user.is_admin,
         record::column(user.expiry_time),
         user.has_password,
         user.ssh_public_key}
    );
}

void delete_node_user(Transaction& transaction, domain::NodeUser const& user) {
    transaction.connection().execute(
        "DELETE FROM node_users WHERE pool_id = ? AND node_id = ? AND name = ?",
        {user.pool_id, user.node_id, user.name}
    );
}

void delete_node_users(Transaction& transaction, std::string_view pool_id, std::string_view node_id) {
    transaction.connection().execute(
        "DELETE FROM node_users WHERE pool_id = ? AND node_id = ?", {pool_id, node_id}
    );
}

}  // namespace bluebatch::emulator::storage
