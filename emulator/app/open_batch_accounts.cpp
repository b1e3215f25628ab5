#include "emulator/app/open_batch_accounts.hpp"

#include "emulator/domain/node_directories.hpp"
#include "emulator/node/orphans.hpp"
#include "shared/base/log.hpp"
#include "shared/http/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace bluebatch::emulator::app {

namespace {

namespace fs = std::filesystem;

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

// Looking through all processes takes time, so it is done once for all accounts, and only if one has had
// nodes.
void end_orphans_of(fs::path const& location) {
    std::error_code error;
    auto const nodes = fs::weakly_canonical(location) / "nodes";
    bool const had_nodes = std::any_of(fs::directory_iterator(nodes, error), {}, [](auto const& account) {
        std::error_code ignored;
        return !fs::is_empty(account.path(), ignored) && !ignored;
    });
    auto const ended = had_nodes ? node::end_orphans(nodes) : 0;
    if (ended > 0)
        base::log::warning("ended {} processes of tasks that an earlier emulator left behind", ended);
}

}  // namespace

OpenBatchAccounts::OpenBatchAccounts(Surroundings surroundings)
    : surroundings_(surroundings),
      disk_(
          surroundings.options.durability == storage::Durability::fsync ? storage::flushing_disk()
                                                                        : storage::lazy_disk()
      ),
      trash_(domain::removed_folder(surroundings.location)) {
    fs::create_directories(surroundings_.location / "batch");
    end_orphans_of(surroundings_.location);
}

bool OpenBatchAccounts::has_state(std::string const& name) const {
    return fs::exists(BatchAccount::files_of(surroundings_.location, name).front());
}

std::optional<Addresses> OpenBatchAccounts::enter(
    std::string const& name, std::shared_ptr<BatchAccount> opened
) {
    std::scoped_lock const lock(mutex_);
    if (!open_.emplace(name, std::move(opened)).second)
        throw std::logic_error(fmt::format("the Batch account '{}' is open already", name));
    return addresses_;
}

void OpenBatchAccounts::open(Account const& account) {
    auto const opened = std::make_shared<BatchAccount>(account, surroundings_, lives_->begin(account.name));
    auto const addresses = enter(account.name, opened);
    if (!addresses) return;
    try {
        opened->prepare(*addresses);
        opened->start();
    } catch (...) {
        // Ended here, not with its last reference: that one may be held where it must not wait.
        if (auto const taken = take(account.name)) taken->stop();
        throw;
    }
}

void OpenBatchAccounts::show(Account const& account) {
    auto const opened = find(account.name);
    if (opened == nullptr) return;
    views_->put(sharing(opened, opened->for_service(account)));
    applications_->put(sharing(opened, opened->for_control()));
}

void OpenBatchAccounts::hide(std::string const& name) {
    views_->remove(name);
    applications_->remove(name);
}

void OpenBatchAccounts::close(std::string const& name) {
    http::WaitingElsewhere const waiting;
    hide(name);
    if (auto opened = take(name)) opened->stop();
    if (!lives_->wait_for_end(name, kRequestsEndWithin, end_of_waiting_.get_token()))
        throw std::runtime_error("requests under way still use it");
}

// Moved out of the way first, so that what is in the trees holds up nobody.
void OpenBatchAccounts::remove(std::string const& name) {
    close(name);
    std::set<fs::path> changed;
    for (auto const& path : BatchAccount::files_of(surroundings_.location, name)) {
        if (!fs::exists(fs::symlink_status(path))) continue;
        // On a file system of its own it can't be moved.
        auto error = trash_.throw_away(path);
        if (error) error = node::remove_tree(path);
        if (error) throw std::system_error(error, path.string());
        changed.insert(path.parent_path());
    }
    if (!changed.empty()) changed.insert(domain::removed_folder(surroundings_.location));
    for (auto const& folder : changed)
        disk_.sync_folder(folder);
}

void OpenBatchAccounts::start(Addresses const& addresses) {
    std::vector<std::shared_ptr<BatchAccount>> accounts;
    {
        std::scoped_lock const lock(mutex_);
        addresses_ = addresses;
        accounts = listed();
    }
    for (auto const& account : accounts)
        account->prepare(addresses);
    for (auto const& account : accounts)
        account->start();
}

// Each may wait for its tasks, so they do at the same time.
void OpenBatchAccounts::stop() {
    std::vector<std::jthread> ends;
    for (auto const& account : all())
        ends.emplace_back([account] { account->stop(); });
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

std::shared_ptr<BatchAccount> OpenBatchAccounts::take(std::string const& name) {
    std::scoped_lock const lock(mutex_);
    auto found = open_.extract(name);
    return found ? std::move(found.mapped()) : nullptr;
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
