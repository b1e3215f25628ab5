#include "emulator/blob/service_settings.hpp"

#include "emulator/storage/blob/container_store.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob {

namespace {

std::vector<std::string> accounts_of(storage::Database& database) {
    storage::Snapshot snapshot(database);
    return storage::blob::accounts_with_service_properties(snapshot.connection());
}

}  // namespace

ServiceSettings::ServiceSettings(storage::Database& database) : database_(database) {
    for (auto const& account : accounts_of(database))
        reload(account);
}

std::shared_ptr<ServiceSettings::Settings const> ServiceSettings::of(std::string_view account) const {
    std::scoped_lock const lock(mutex_);
    auto const found = known_.find(account);
    return found == known_.end() ? std::make_shared<Settings const>() : found->second;
}

std::string ServiceSettings::default_version(std::string_view account) const {
    return has_default_version() ? of(account)->default_version : std::string{};
}

// Reads under the lock, so that whoever reads last has read the newest.
void ServiceSettings::reload(std::string const& account) {
    std::scoped_lock const lock(mutex_);
    storage::Snapshot snapshot(database_);
    auto const stored = storage::blob::find_service_properties(snapshot.connection(), account).value_or("");
    known_[account] = std::make_shared<Settings const>(Settings{
        wire::cors_rules(stored), wire::static_website(stored), wire::default_service_version(stored)});
    has_cors_ = std::ranges::any_of(known_, [](auto const& entry) { return !entry.second->cors.empty(); });
    has_default_version_ =
        std::ranges::any_of(known_, [](auto const& entry) { return !entry.second->default_version.empty(); });
}

}  // namespace bluebatch::emulator::blob
