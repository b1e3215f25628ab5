#pragma once

#include "emulator/resources/service/world.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::resources::service {

// An account as the services and as the resource manager know it.
struct Account {
    domain::Account facts;
    storage::AccountRecord record;
};

// Gives those accounts a place that came without the resource manager: in a group of their own.
void adopt_accounts(World& world, base::TimePoint now);

std::optional<Account> find_account(World& world, domain::AccountKind kind, std::string_view name);
// Nothing when it lies in another group.
std::optional<Account> find_account(
    World& world, domain::AccountKind kind, std::string_view group, std::string_view name
);
// By name; of all groups when `group` is empty.
std::vector<Account> list_accounts(World& world, domain::AccountKind kind, std::string_view group);

void write_record(World& world, storage::AccountRecord const& record);

// Those who change accounts hold Changing.

// Nothing when the name is taken.
std::optional<Account> create_account(World& world, storage::AccountRecord record);
// False for one that was configured.
bool remove_account(World& world, domain::AccountKind kind, std::string_view name);
// Of one whose deletion a crash has cut short: what there is of it here, when the services no longer have it.
void forget_account(World& world, domain::AccountKind kind, std::string_view group, std::string_view name);

}  // namespace bluebatch::emulator::resources::service
