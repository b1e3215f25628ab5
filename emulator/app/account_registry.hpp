#pragma once

#include "emulator/app/account_claims.hpp"
#include "emulator/app/noted_removals.hpp"
#include "emulator/app/open_batch_accounts.hpp"
#include "emulator/app/options.hpp"
#include "emulator/blob/service.hpp"
#include "emulator/domain/accounts.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::app {

// All accounts: those of the command line, and those that were made here and are kept in the database.
class AccountRegistry final : public domain::Accounts {
public:
    // Opens them all and fills the table of Blob's; from then on makes those that guests name. Throws
    // std::runtime_error with what to do when a configured account would get what one before it left.
    AccountRegistry(
        Options const& options,
        storage::Database& database,
        std::shared_ptr<blob::BlobAccounts> blob_accounts,
        blob::BlobService& blob,
        OpenBatchAccounts& batch,
        base::Clock& clock,
        base::Random& random
    );

    std::vector<domain::Account> list(domain::AccountKind kind) const override;
    std::optional<domain::Account> find(domain::AccountKind kind, std::string_view name) const override;
    std::optional<domain::Account> create(domain::AccountKind kind, std::string_view name) override;
    std::optional<domain::Account> renew_key(
        domain::AccountKind kind, std::string_view name, domain::AccountKeySlot slot
    ) override;
    bool link_auto_storage(std::string_view batch_account, std::string storage_account) override;
    bool remove(domain::AccountKind kind, std::string_view name) override;

private:
    void add_configured(Options const& options, domain::AccountKind kind);
    void add_stored(Options const& options, domain::AccountKind kind);
    void finish_removals(Options const& options);
    std::string make_for_guest(domain::AccountKind kind, std::string const& name);
    // Why there may be no more of them; "" when there may.
    std::string refuse_more(domain::AccountKind kind);
    bool is_known(AccountId const& key) const;
    domain::Account with_auto_storage(domain::AccountKind kind, domain::Account account) const;
    domain::AccountKey new_key();
    void show(AccountId const& key, domain::Account const& account);
    // These take their time: they are called with a claim of the name, and without the mutex.
    domain::Account make(AccountId const& key, domain::AccountOrigin origin);
    enum class Ground : std::uint8_t { empty, inherited };
    Ground make_room(AccountId const& key);
    void keep(AccountId const& key, domain::Account const& account);
    void give_up(AccountId const& key, Ground ground);
    void clear(AccountId const& key);
    void try_to_clear(AccountId const& key);

    storage::Database& database_;
    NotedRemovals removals_;
    std::shared_ptr<blob::BlobAccounts> blob_accounts_;
    blob::BlobService& blob_;
    OpenBatchAccounts& batch_;
    base::Clock& clock_;
    base::Random& random_;
    AccountClaims claims_;
    mutable std::mutex mutex_;
    std::map<AccountId, domain::Account> known_;
    std::map<std::string, std::string, std::less<>> links_;  // Batch accounts to their storage accounts
    std::set<domain::AccountKind> warned_of_;                // that there may be no more of them
};

}  // namespace bluebatch::emulator::app
