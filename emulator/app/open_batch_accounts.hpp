#pragma once

#include "emulator/app/application_control.hpp"
#include "emulator/app/batch_account.hpp"
#include "emulator/batch/service.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::app {

// The Batch accounts that there are, each with its scheduler and nodes. They come and go while requests are
// answered: whoever holds a view of one keeps its database open. Thread-safe.
class OpenBatchAccounts {
public:
    explicit OpenBatchAccounts(Surroundings surroundings) : surroundings_(surroundings) {}

    // Opens or makes its database; it is started with the others, or at once when they are.
    void open(Account const& account);
    // From now on with these keys.
    void change_keys(Account const& account);
    // Stops its tasks and removes all that there is of it. One that isn't open may have left files behind.
    void remove(std::string const& name);

    void start(Addresses const& addresses);
    void stop();
    // What was to come later may be due now.
    void clock_changed();

    // For those who answer requests.
    std::shared_ptr<batch::BatchAccounts> const& views() const { return views_; }
    std::shared_ptr<ApplicationControl::Accounts> const& applications() const { return applications_; }

private:
    std::shared_ptr<BatchAccount> find(std::string_view name) const;
    std::vector<std::shared_ptr<BatchAccount>> all() const;
    std::vector<std::shared_ptr<BatchAccount>> listed() const;  // with the mutex held
    void forget(std::string const& name);
    void show(std::shared_ptr<BatchAccount> const& opened, Account const& account);

    Surroundings surroundings_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<BatchAccount>, std::less<>> open_;
    std::optional<Addresses> addresses_;
    std::shared_ptr<batch::BatchAccounts> views_ = std::make_shared<batch::BatchAccounts>();
    std::shared_ptr<ApplicationControl::Accounts> applications_ =
        std::make_shared<ApplicationControl::Accounts>();
};

}  // namespace bluebatch::emulator::app
