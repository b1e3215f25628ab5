#include "emulator/app/account_registry.hpp"

#include "emulator/storage/accounts/account_store.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>

namespace bluebatch::emulator::app {

namespace {

using domain::AccountKind;
using domain::AccountOrigin;

constexpr std::size_t kKeyBytes = 64;
// Made for guests, who may name any. A Batch account has threads and open files.
constexpr std::ptrdiff_t kMostBatchAccounts = 50;
constexpr std::ptrdiff_t kMostBlobAccounts = 1000;

std::vector<Account> const& configured(Options const& options, AccountKind kind) {
    return kind == AccountKind::batch ? options.batch_accounts : options.blob_accounts;
}

std::vector<std::string> texts_of(std::vector<domain::AccountKey> const& keys) {
    std::vector<std::string> texts;
    for (auto const& key : keys)
        texts.push_back(key.base64);
    return texts;
}

std::shared_ptr<blob::BlobAccount const> for_blob(domain::Account const& account) {
    return std::make_shared<blob::BlobAccount const>(blob::BlobAccount{
        account.name, texts_of(account.keys), account.origin == AccountOrigin::guest});
}

Account for_batch(domain::Account const& account) {
    return {account.name, texts_of(account.keys)};
}

// Whoever configures an account that was made before means his.
std::vector<domain::Account> stored_accounts(
    Options const& options, storage::Database& database, AccountKind kind
) {
    storage::Snapshot snapshot(database);
    auto accounts = storage::list_accounts(snapshot.connection(), kind);
    std::erase_if(accounts, [&](domain::Account const& account) {
        return std::ranges::count(configured(options, kind), account.name, &Account::name) > 0;
    });
    return accounts;
}

std::vector<std::string> unfinished_removals(storage::Database& database, AccountKind kind) {
    storage::Snapshot snapshot(database);
    return storage::unfinished_removals(snapshot.connection(), kind);
}

bool is_being_removed(storage::Database& database, AccountKind kind, std::string const& name) {
    return std::ranges::count(unfinished_removals(database, kind), name) > 0;
}

}  // namespace

std::shared_ptr<blob::BlobAccounts> open_blob_accounts(Options const& options, storage::Database& database) {
    auto accounts = std::make_shared<blob::BlobAccounts>();
    for (auto const& account : options.blob_accounts)
        accounts->put(std::make_shared<blob::BlobAccount const>(blob::BlobAccount{
            account.name, account.keys_base64}));
    for (auto const& account : stored_accounts(options, database, AccountKind::storage))
        accounts->put(for_blob(account));
    return accounts;
}

AccountRegistry::AccountRegistry(
    Options const& options,
    storage::Database& database,
    std::shared_ptr<blob::BlobAccounts> blob_accounts,
    blob::BlobService& blob,
    OpenBatchAccounts& batch,
    base::Clock& clock,
    base::Random& random
)
    : database_(database),
      blob_accounts_(std::move(blob_accounts)),
      blob_(blob),
      batch_(batch),
      clock_(clock),
      random_(random) {
    finish_removals();
    for (auto const kind : {AccountKind::batch, AccountKind::storage}) {
        add_configured(kind, configured(options, kind));
        for (auto& account : stored_accounts(options, database, kind))
            known_[{kind, account.name}] = std::move(account);
    }
    for (auto const& account : options.batch_accounts)
        batch_.open(account);
    for (auto const& [key, account] : known_) {
        if (key.first == AccountKind::batch && account.origin != AccountOrigin::configured)
            open_stored(account);
    }
    batch_.views()->on_guest([this](std::string const& name) { make_for_guest(AccountKind::batch, name); });
    blob_accounts_->on_guest([this](std::string const& name) { make_for_guest(AccountKind::storage, name); });
}

void AccountRegistry::add_configured(AccountKind kind, std::vector<Account> const& accounts) {
    for (auto const& configured : accounts) {
        domain::Account account{configured.name, AccountOrigin::configured, clock_.now(), {}, {}};
        for (auto const& key : configured.keys_base64)
            account.keys.push_back({key, account.made});
        known_[{kind, account.name}] = std::move(account);
    }
}

std::vector<domain::Account> AccountRegistry::list(AccountKind kind) const {
    std::scoped_lock const lock(mutex_);
    std::vector<domain::Account> accounts;
    for (auto const& [key, account] : known_) {
        if (key.first == kind) accounts.push_back(with_auto_storage(kind, account));
    }
    return accounts;
}

std::optional<domain::Account> AccountRegistry::find(AccountKind kind, std::string_view name) const {
    std::scoped_lock const lock(mutex_);
    auto const found = known_.find({kind, std::string(name)});
    return found == known_.end() ? std::nullopt : std::optional(with_auto_storage(kind, found->second));
}

domain::Account AccountRegistry::with_auto_storage(AccountKind kind, domain::Account account) const {
    if (kind != AccountKind::batch) return account;
    storage::Snapshot snapshot(database_);
    auto const linked = storage::find_auto_storage(snapshot.connection(), account.name);
    account.auto_storage = linked ? *linked : blob_accounts_->first()->name;
    return account;
}

domain::AccountKey AccountRegistry::new_key() {
    std::array<std::uint8_t, kKeyBytes> bytes{};
    random_.fill(bytes);
    return {base::to_base64(bytes), clock_.now()};
}

std::optional<domain::Account> AccountRegistry::create(AccountKind kind, std::string_view name) {
    std::scoped_lock const lock(mutex_);
    if (!domain::is_account_name(name) || known_.contains({kind, std::string(name)})) return std::nullopt;
    return make(kind, std::string(name), AccountOrigin::created);
}

void AccountRegistry::make_for_guest(AccountKind kind, std::string const& name) {
    std::scoped_lock const lock(mutex_);
    if (!domain::is_account_name(name) || known_.contains({kind, name})) return;
    auto const there_are =
        std::ranges::count_if(known_, [&](auto const& entry) { return entry.first.first == kind; });
    if (there_are >= (kind == AccountKind::batch ? kMostBatchAccounts : kMostBlobAccounts)) {
        base::log::warning("no account '{}' is made: there are {} already", name, there_are);
        return;
    }
    try {
        make(kind, name, AccountOrigin::guest);
    } catch (std::exception const& error) {
        base::log::error("no account '{}' is made: {}", name, error.what());
    }
}

// One that can't be opened is no reason for the others to stay closed.
void AccountRegistry::open_stored(domain::Account const& account) {
    try {
        batch_.open(for_batch(account));
    } catch (std::exception const& error) {
        base::log::error("the Batch account '{}' can't be opened: {}", account.name, error.what());
    }
}

domain::Account AccountRegistry::make(AccountKind kind, std::string name, AccountOrigin origin) {
    domain::Account account{std::move(name), origin, clock_.now(), {new_key(), new_key()}, {}};
    if (is_being_removed(database_, kind, account.name)) clear(kind, account.name);
    // Opened before it is kept: what can't be opened would be in the way at each start.
    if (kind == AccountKind::batch) batch_.open(for_batch(account));
    storage::Transaction transaction(database_);
    storage::save_account(transaction, kind, account);
    // An account that somebody sets up has the storage that he gives it.
    if (kind == AccountKind::batch && origin == AccountOrigin::created)
        storage::save_auto_storage(transaction, account.name, "");
    transaction.commit();
    if (kind == AccountKind::storage) blob_accounts_->put(for_blob(account));
    return known_[{kind, account.name}] = std::move(account);
}

std::optional<domain::Account> AccountRegistry::renew_key(
    AccountKind kind, std::string_view name, domain::AccountKeySlot slot
) {
    std::scoped_lock const lock(mutex_);
    auto const found = known_.find({kind, std::string(name)});
    if (found == known_.end() || found->second.origin == AccountOrigin::configured) return std::nullopt;
    auto account = found->second;
    (slot == domain::AccountKeySlot::primary ? account.keys.front() : account.keys.back()) = new_key();
    storage::Transaction transaction(database_);
    storage::save_account(transaction, kind, account);
    transaction.commit();
    found->second = account;
    if (kind == AccountKind::batch) {
        batch_.change_keys(for_batch(account));
    } else {
        blob_accounts_->put(for_blob(account));
    }
    return with_auto_storage(kind, std::move(account));
}

bool AccountRegistry::link_auto_storage(std::string_view batch_account, std::string storage_account) {
    std::scoped_lock const lock(mutex_);
    if (!known_.contains({AccountKind::batch, std::string(batch_account)})) return false;
    storage::Transaction transaction(database_);
    storage::save_auto_storage(transaction, batch_account, storage_account);
    transaction.commit();
    return true;
}

void AccountRegistry::clear(AccountKind kind, std::string const& name) {
    if (kind == AccountKind::batch) {
        batch_.remove(name);
    } else {
        blob_.empty_account(name);
    }
    storage::Transaction transaction(database_);
    storage::finish_removal(transaction, kind, name);
    transaction.commit();
}

void AccountRegistry::finish_removals() {
    for (auto const kind : {AccountKind::batch, AccountKind::storage}) {
        for (auto const& name : unfinished_removals(database_, kind))
            try_to_clear(kind, name);
    }
}

bool AccountRegistry::remove(AccountKind kind, std::string_view name) {
    std::scoped_lock const lock(mutex_);
    auto const found = known_.find({kind, std::string(name)});
    if (found == known_.end() || found->second.origin == AccountOrigin::configured) return false;
    storage::Transaction transaction(database_);
    storage::delete_account(transaction, kind, name);
    if (kind == AccountKind::batch) storage::delete_auto_storage(transaction, name);
    storage::note_removal(transaction, kind, name);
    transaction.commit();
    known_.erase(found);
    if (kind == AccountKind::storage) blob_accounts_->remove(name);
    try_to_clear(kind, std::string(name));
    return true;
}

// What can't be removed now is tried again at the next start, and before somebody gets the name.
void AccountRegistry::try_to_clear(AccountKind kind, std::string const& name) {
    try {
        clear(kind, name);
    } catch (std::exception const& error) {
        base::log::error("what the account '{}' held can't be removed: {}", name, error.what());
    }
}

}  // namespace bluebatch::emulator::app
