#pragma once

#include "emulator/blob/wire/service_properties.hpp"
#include "emulator/storage/sqlite.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob {

// The service properties of all accounts that have effect on others' requests, at hand for every request.
// Thread-safe.
class ServiceSettings {
public:
    struct Settings {
        std::vector<wire::CorsRule> cors;
        wire::StaticWebsite website;
        std::string default_version;  // "2021-12-02"; empty: none was set
    };

    explicit ServiceSettings(storage::Database& database);

    // Never null; of an account that is not there: the defaults.
    std::shared_ptr<Settings const> of(std::string_view account) const;
    // True when any account has rules: others need not look.
    bool has_cors() const { return has_cors_.load(std::memory_order_relaxed); }
    // The version of requests that name none; empty where none was set.
    std::string default_version(std::string_view account) const;
    // True when any account has one.
    bool has_default_version() const { return has_default_version_.load(std::memory_order_relaxed); }
    // To be called once the account's properties have been changed.
    void reload(std::string const& account);

private:
    storage::Database& database_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Settings const>, std::less<>> known_;
    std::atomic<bool> has_cors_{false};
    std::atomic<bool> has_default_version_{false};
};

}  // namespace bluebatch::emulator::blob
