#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::cases {

// What an account keeps of things that are overwritten or deleted, and notes of those that are read.
struct AccountPolicy {
    std::optional<std::int64_t> blob_retention_days{};       // soft deletion; empty: off
    std::optional<std::int64_t> container_retention_days{};  // the same of containers
    bool allows_permanent_delete = false;                    // of what is softly deleted
    bool keeps_versions = false;
    bool tracks_access = false;
    bool immutable_versions = false;       // of containers that are created from now on
    std::int64_t rehydration_seconds = 5;  // how long a blob takes out of the archive

    bool operator==(AccountPolicy const&) const = default;
};

// The policies of all accounts; kept in the database, and in memory for those who ask with every request.
// Thread-safe.
class AccountPolicies {
public:
    // `defaults` hold for accounts that never set anything.
    AccountPolicies(storage::Database& database, AccountPolicy defaults)
        : database_(database), defaults_(defaults) {}

    AccountPolicy of(std::string_view account);
    // Of changes at the same time each sees what the others have made. Never within a transaction.
    void change(std::string_view account, std::function<void(AccountPolicy&)> const& change);

    // Of an account that has been removed, with what was stored of it.
    void forget(std::string_view account);

private:
    storage::Database& database_;
    AccountPolicy defaults_;
    std::mutex changes_mutex_;  // held over a whole change, so never what of() waits for
    std::mutex mutex_;
    std::map<std::string, AccountPolicy, std::less<>> known_;
};

}  // namespace bluebatch::emulator::blob::cases
