#pragma once

#include "emulator/domain/application.hpp"
#include "emulator/storage/sqlite.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage {

// Adds the application or changes what it says of itself; its packages stay.
void put_application(Transaction& transaction, domain::Application const& application);
void delete_application(Transaction& transaction, std::string_view id);  // and what is known of its packages
std::optional<domain::Application> find_application(Connection& connection, std::string_view id);
// In order of ids, those after `after`.
std::vector<domain::Application> list_applications(Connection& connection, std::string_view after, int limit);
std::int64_t count_applications(Connection& connection);

// Replaces the one of that version; sets the sequence.
void put_package(Transaction& transaction, std::string_view id, domain::ApplicationPackage& package);
void delete_package(Transaction& transaction, std::string_view id, std::string_view version);
// The package of a version, of the default one where `version` is empty.
std::optional<domain::ApplicationPackage> find_package(
    Connection& connection, std::string_view id, std::string_view version
);

}  // namespace bluebatch::emulator::storage
