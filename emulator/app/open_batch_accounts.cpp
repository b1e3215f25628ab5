#include "emulator/app/open_batch_accounts.hpp"

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

namespace bluebatch::emulator::app {

namespace {

constexpr std::chrono::seconds kRequestsEndWithin{5};

// An entry that keeps open what its content refers to.
template <typename Content>
std::shared_ptr<Content const> sharing(std::shared_ptr<BatchAccount> account, Content content) {
    struct Shared {
        std::shared_ptr<BatchAccount> account;
        Content content;
    };
    auto shared = std::make_shared<Shared>(Shared{std::move(account), std::move(content)});
    auto const* const inner = &shared->content;
    return {std::move(shared), inner};
}

}  // namespace

void OpenBatchAccounts::show(std::shared_ptr<BatchAccount> const& opened, Account const& account) {
    views_->put(sharing(opened, opened->for_service(account)));
    applications_->put(sharing(opened, opened->for_control()));
}

void OpenBatchAccounts::open(Account const& account) {
    auto const opened = std::make_shared<BatchAccount>(account, surroundings_);
    std::optional<Addresses> addresses;
    {
        std::scoped_lock const lock(mutex_);
        open_.emplace(account.name, opened);
        addresses = addresses_;
    }
    try {
        if (addresses) opened->start(*addresses);
    } catch (...) {
        forget(account.name);
        throw;
    }
    show(opened, account);
}

void OpenBatchAccounts::change_keys(Account const& account) {
    if (auto const opened = find(account.name)) show(opened, account);
}

void OpenBatchAccounts::remove(std::string const& name) {
    views_->remove(name);
    applications_->remove(name);
    if (auto opened = find(name)) {
        opened->stop();
        forget(name);
        auto const end = opened->end_of_life();
        opened.reset();
        // Requests under way still have its database open, which is found by its name.
        end.wait_for(kRequestsEndWithin);
    }
    for (auto const& path : BatchAccount::files_of(surroundings_.location, name))
        std::filesystem::remove_all(path);
}

void OpenBatchAccounts::start(Addresses const& addresses) {
    std::vector<std::shared_ptr<BatchAccount>> accounts;
    {
        std::scoped_lock const lock(mutex_);
        addresses_ = addresses;
        accounts = listed();
    }
    for (auto const& account : accounts)
        account->start(addresses);
}

// Each may wait for its tasks, so they do at the same time.
void OpenBatchAccounts::stop() {
    std::vector<std::jthread> ends;
    for (auto const& account : all())
        ends.emplace_back([account] { account->stop(); });
}

void OpenBatchAccounts::forget(std::string const& name) {
    std::scoped_lock const lock(mutex_);
    open_.erase(name);
}

void OpenBatchAccounts::clock_changed() {
    for (auto const& account : all())
        account->clock_changed();
}

std::shared_ptr<BatchAccount> OpenBatchAccounts::find(std::string_view name) const {
    std::scoped_lock const lock(mutex_);
    auto const found = open_.find(name);
    return found == open_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<BatchAccount>> OpenBatchAccounts::all() const {
    std::scoped_lock const lock(mutex_);
    return listed();
}

std::vector<std::shared_ptr<BatchAccount>> OpenBatchAccounts::listed() const {
    std::vector<std::shared_ptr<BatchAccount>> accounts;
    for (auto const& [name, account] : open_)
        accounts.push_back(account);
    return accounts;
}

}  // namespace bluebatch::emulator::app
