#pragma once

#include "emulator/app/open_batch_accounts.hpp"
#include "emulator/app/options.hpp"
#include "emulator/blob/service.hpp"
#include "emulator/domain/accounts.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace bluebatch::emulator::app {

// All accounts: those of the command line, and those that were made here and are kept in the database.
class AccountRegistry final : public domain::Accounts {
public:
    // Opens them all, and from then on makes those that guests name.
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
    using Key = std::pair<domain::AccountKind, std::string>;

    void add_configured(domain::AccountKind kind, std::vector<Account> const& accounts);
    void open_stored(domain::Account const& account);
    void finish_removals();
    void make_for_guest(domain::AccountKind kind, std::string const& name);
    // These are called with the mutex held.
    domain::Account make(domain::AccountKind kind, std::string name, domain::AccountOrigin origin);
    void clear(domain::AccountKind kind, std::string const& name);
    void try_to_clear(domain::AccountKind kind, std::string const& name);
    domain::Account with_auto_storage(domain::AccountKind kind, domain::Account account) const;

    domain::AccountKey new_key();

    storage::Database& database_;
    std::shared_ptr<blob::BlobAccounts> blob_accounts_;
    blob::BlobService& blob_;
    OpenBatchAccounts& batch_;
    base::Clock& clock_;
    base::Random& random_;
    mutable std::mutex mutex_;
    std::map<Key, domain::Account> known_;
};

// The table that requests to Blob look into: those of the command line, and those that are kept.
std::shared_ptr<blob::BlobAccounts> open_blob_accounts(Options const& options, storage::Database& database);

}  // namespace bluebatch::emulator::app
