#include "emulator/app/account_registry.hpp"

#include "emulator/app/storage_access.hpp"
#include "emulator/storage/accounts/account_store.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <stdexcept>

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

bool is_configured(Options const& options, AccountKind kind, std::string_view name) {
    return std::ranges::count(configured(options, kind), name, &Account::name) > 0;
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

std::map<std::string, std::string, std::less<>> links(storage::Database& database) {
    storage::Snapshot snapshot(database);
    auto const rows = storage::list_auto_storage(snapshot.connection());
    return {rows.begin(), rows.end()};
}

}  // namespace

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
      removals_(database),
      blob_accounts_(std::move(blob_accounts)),
      blob_(blob),
      batch_(batch),
      clock_(clock),
      random_(random),
      links_(links(database)) {
    finish_removals(options);
    for (auto const kind : {AccountKind::batch, AccountKind::storage}) {
        add_configured(options, kind);
        add_stored(options, kind);
    }
    batch_.views()->on_guest([this](std::string const& name) {
        return make_for_guest(AccountKind::batch, name);
    });
    blob_accounts_->on_guest([this](std::string const& name) {
        return make_for_guest(AccountKind::storage, name);
    });
}

void AccountRegistry::add_configured(Options const& options, AccountKind kind) {
    for (auto const& given : configured(options, kind)) {
        domain::Account account{given.name, AccountOrigin::configured, clock_.now(), {}, {}};
        for (auto const& key : given.keys_base64)
            account.keys.push_back({key, account.made});
        if (kind == AccountKind::batch) batch_.open(given);
        show({kind, given.name}, account);
    }
}

// Whoever configures an account that was made before means his. One that can't be opened is no reason for the
// others to stay closed.
void AccountRegistry::add_stored(Options const& options, AccountKind kind) {
    storage::Snapshot snapshot(database_);
    for (auto const& account : storage::list_accounts(snapshot.connection(), kind)) {
        if (is_configured(options, kind, account.name)) continue;
        try {
            if (kind == AccountKind::batch) batch_.open(for_batch(account));
        } catch (std::exception const& error) {
            base::log::error("the Batch account '{}' can't be opened: {}", account.name, error.what());
        }
        show({kind, account.name}, account);
    }
}

void AccountRegistry::show(AccountId const& key, domain::Account const& account) {
    std::scoped_lock const lock(mutex_);
    known_[key] = account;
    if (key.first == AccountKind::storage) {
        blob_accounts_->put(for_blob(account));
    } else {
        batch_.show(for_batch(account));
    }
}

bool AccountRegistry::is_known(AccountId const& key) const {
    std::scoped_lock const lock(mutex_);
    return known_.contains(key);
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
    auto const link = links_.find(account.name);
    auto const linked = link == links_.end() ? std::nullopt : std::optional(link->second);
    account.auto_storage = auto_storage_name(linked, *blob_accounts_);
    return account;
}

domain::AccountKey AccountRegistry::new_key() {
    std::array<std::uint8_t, kKeyBytes> bytes{};
    random_.fill(bytes);
    return {base::to_base64(bytes), clock_.now()};
}

std::optional<domain::Account> AccountRegistry::create(AccountKind kind, std::string_view name) {
    AccountId const key{kind, name};
    if (!domain::is_account_name(name)) return std::nullopt;
    AccountClaims::Claim const claim(claims_, key);
    if (is_known(key)) return std::nullopt;
    return make(key, AccountOrigin::created);
}

std::string AccountRegistry::make_for_guest(AccountKind kind, std::string const& name) {
    AccountId const key{kind, name};
    if (!domain::is_account_name(name)) return {};
    AccountClaims::Claim const claim(claims_, key);
    if (is_known(key)) return {};
    auto refusal = refuse_more(kind);
    if (refusal.empty()) make(key, AccountOrigin::guest);
    return refusal;
}

std::string AccountRegistry::refuse_more(AccountKind kind) {
    std::scoped_lock const lock(mutex_);
    auto const most = kind == AccountKind::batch ? kMostBatchAccounts : kMostBlobAccounts;
    auto const there_are =
        std::ranges::count_if(known_, [&](auto const& entry) { return entry.first.first == kind; }) +
        static_cast<std::ptrdiff_t>(claims_.count(kind));
    if (there_are <= most) return {};
    auto refusal = fmt::format(
        "There are {} {} accounts already, and no more are made for guests.",
        most,
        kind == AccountKind::batch ? "Batch" : "storage"
    );
    if (warned_of_.insert(kind).second) base::log::warning("{}", refusal);
    return refusal;
}

domain::Account AccountRegistry::make(AccountId const& key, AccountOrigin origin) {
    domain::Account account{key.second, origin, clock_.now(), {new_key(), new_key()}, {}};
    auto const ground = make_room(key);
    try {
        // Opened before it is kept: what can't be opened would be in the way at each start.
        if (key.first == AccountKind::batch) batch_.open(for_batch(account));
        keep(key, account);
    } catch (...) {
        give_up(key, ground);
        throw;
    }
    show(key, account);
    return account;
}

// An account that is not kept in the end goes again, at the latest at the next start. But what somebody has
// under the name who configured it at times is his.
AccountRegistry::Ground AccountRegistry::make_room(AccountId const& key) {
    auto const& [kind, name] = key;
    if (removals_.contains(key)) {
        clear(key);
    } else if (kind == AccountKind::storage || batch_.has_state(name)) {
        return Ground::inherited;
    } else {
        removals_.note(key);
    }
    return Ground::empty;
}

void AccountRegistry::keep(AccountId const& key, domain::Account const& account) {
    auto const& [kind, name] = key;
    // An account that somebody sets up has the storage that he gives it.
    bool const has_no_storage = kind == AccountKind::batch && account.origin == AccountOrigin::created;
    storage::Transaction transaction(database_);
    storage::save_account(transaction, kind, account);
    if (has_no_storage) storage::save_auto_storage(transaction, name, "");
    storage::finish_removal(transaction, kind, name);
    transaction.commit();
    std::scoped_lock const lock(mutex_);
    if (has_no_storage) links_[name] = "";
}

void AccountRegistry::give_up(AccountId const& key, Ground ground) {
    if (key.first != AccountKind::batch) return;
    try {
        ground == Ground::empty ? batch_.remove(key.second) : batch_.close(key.second);
    } catch (std::exception const& error) {
        base::log::error("what was made of the account '{}' can't be removed: {}", key.second, error.what());
    }
}

std::optional<domain::Account> AccountRegistry::renew_key(
    AccountKind kind, std::string_view name, domain::AccountKeySlot slot
) {
    AccountId const key{kind, name};
    AccountClaims::Claim const claim(claims_, key);
    auto account = find(kind, name);
    if (!account || account->origin == AccountOrigin::configured) return std::nullopt;
    (slot == domain::AccountKeySlot::primary ? account->keys.front() : account->keys.back()) = new_key();
    storage::Transaction transaction(database_);
    storage::save_account(transaction, kind, *account);
    transaction.commit();
    show(key, *account);
    return account;
}

bool AccountRegistry::link_auto_storage(std::string_view batch_account, std::string storage_account) {
    AccountId const key{AccountKind::batch, batch_account};
    AccountClaims::Claim const claim(claims_, key);
    if (!is_known(key)) return false;
    storage::Transaction transaction(database_);
    storage::save_auto_storage(transaction, batch_account, storage_account);
    transaction.commit();
    std::scoped_lock const lock(mutex_);
    links_[key.second] = std::move(storage_account);
    return true;
}

bool AccountRegistry::remove(AccountKind kind, std::string_view name) {
    AccountId const key{kind, name};
    AccountClaims::Claim const claim(claims_, key);
    auto const account = find(kind, name);
    if (!account || account->origin == AccountOrigin::configured) return false;
    storage::Transaction transaction(database_);
    storage::delete_account(transaction, kind, name);
    if (kind == AccountKind::batch) storage::delete_auto_storage(transaction, name);
    storage::note_removal(transaction, kind, name);
    transaction.commit();
    {
        std::scoped_lock const lock(mutex_);
        known_.erase(key);
        if (kind == AccountKind::batch) links_.erase(key.second);
        if (kind == AccountKind::storage) blob_accounts_->remove(name);
    }
    try_to_clear(key);
    return true;
}

void AccountRegistry::clear(AccountId const& key) {
    if (key.first == AccountKind::batch) {
        batch_.remove(key.second);
    } else {
        blob_.empty_account(key.second);
    }
}

// What can't be removed now is tried again at the next start, and before somebody gets the name. So is what a
// request leaves in a storage account that was under way when that was removed.
void AccountRegistry::try_to_clear(AccountId const& key) {
    try {
        clear(key);
        if (key.first == AccountKind::batch) removals_.finish(key);
    } catch (std::exception const& error) {
        base::log::error("what the account '{}' held can't be removed yet: {}", key.second, error.what());
    }
}

void AccountRegistry::finish_removals(Options const& options) {
    for (auto const kind : {AccountKind::batch, AccountKind::storage}) {
        for (auto const& name : removals_.names(kind)) {
            try {
                clear({kind, name});
                removals_.finish({kind, name});
            } catch (std::exception const& error) {
                auto const fault = fmt::format(
                    "what an account '{}' held that has been removed can't be: {}", name, error.what()
                );
                // The next start would take what is the configured account's for what is still to be removed.
                if (is_configured(options, kind, name))
                    throw std::runtime_error(fault + "; remove that, or configure another name");
                base::log::error("{}", fault);
            }
        }
    }
}

}  // namespace bluebatch::emulator::app
