#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage::blob {

std::optional<Container> find_container(
    Connection& connection, std::string_view account, std::string_view name
);
// Sets the id of the record.
void insert_container(Transaction& transaction, Container& container);
void update_container(Transaction& transaction, Container const& container);
// From now on nobody finds it; its blobs are removed in the background.
void drop_container(Transaction& transaction, std::int64_t container_id);
// All containers of the account, those set aside too, and what was set for it.
void drop_account(Transaction& transaction, std::string_view account);

// From now on it can only be listed and restored. Its id and its blobs stay.
void set_container_aside(Transaction& transaction, DeletedContainer const& deleted);
std::optional<DeletedContainer> find_deleted_container(
    Connection& connection, std::string_view account, std::string_view name, std::string_view version
);
// Under `name`, which must be free.
void restore_container(Transaction& transaction, std::int64_t container_id, std::string_view name);
// In the order of their names and versions, from `from` (a name, inclusive) on.
std::vector<DeletedContainer> list_deleted_containers(
    Connection& connection,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit
);
// Drops one whose time has come; false when there is none.
bool purge_deleted_container(Transaction& transaction, TimePoint now);

// Up to `limit` containers in the order of their names, from `from` (a name, inclusive) on.
std::vector<Container> list_containers(
    Connection& connection,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit
);

// The document as the client sent it.
std::optional<std::string> find_service_properties(Connection& connection, std::string_view account);
std::vector<std::string> accounts_with_service_properties(Connection& connection);
void save_service_properties(Transaction& transaction, std::string_view account, std::string_view document);

// What the account keeps besides; the form is the caller's.
std::optional<std::string> find_account_settings(Connection& connection, std::string_view account);
void save_account_settings(Transaction& transaction, std::string_view account, std::string_view document);

// The smallest text that is greater than every text with this prefix; empty when there is none.
std::optional<std::string> end_of_prefix(std::string_view prefix);

}  // namespace bluebatch::emulator::storage::blob
