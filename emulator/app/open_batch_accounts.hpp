#pragma once

#include "emulator/app/application_control.hpp"
#include "emulator/app/batch_account.hpp"
#include "emulator/app/lives.hpp"
#include "emulator/batch/service.hpp"
#include "emulator/node/trash.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::app {

// The Batch accounts that there are, each with its scheduler and nodes. They come and go while requests are
// answered: whoever holds a view of one keeps its database open. Thread-safe, but one thread at a time opens,
// closes and removes what has the same name.
class OpenBatchAccounts {
public:
    // Ends first what tasks of an earlier life left running.
    explicit OpenBatchAccounts(Surroundings surroundings);

    // Whether there is a database for it, open or not.
    bool has_state(std::string const& name) const;
    // Opens or makes its database; it is started with the others, or at once when they are. Nobody sees it
    // before it is shown. Throws std::logic_error when it is open.
    void open(Account const& account);
    // From now on with these keys.
    void show(Account const& account);
    // No new request finds it.
    void hide(std::string const& name);
    // Stops its tasks: a second at most. Then waits for requests under way, which still have its database
    // open; throws std::runtime_error when they don't end within some seconds.
    void close(std::string const& name);
    // Closes it and removes all that there is of it. One that isn't open may have left files behind.
    void remove(std::string const& name);

    void start(Addresses const& addresses);
    // Whoever waits for requests gives up, now and from now on.
    void stop_waiting() { end_of_waiting_.request_stop(); }
    void stop();
    // What was to come later may be due now.
    void clock_changed();

    // For those who answer requests.
    std::shared_ptr<batch::BatchAccounts> const& views() const { return views_; }
    std::shared_ptr<ApplicationControl::Accounts> const& applications() const { return applications_; }

private:
    std::optional<Addresses> enter(std::string const& name, std::shared_ptr<BatchAccount> opened);
    std::shared_ptr<BatchAccount> find(std::string_view name) const;
    std::shared_ptr<BatchAccount> take(std::string const& name);
    std::vector<std::shared_ptr<BatchAccount>> all() const;
    std::vector<std::shared_ptr<BatchAccount>> listed() const;  // with the mutex held

    Surroundings surroundings_;
    storage::Disk& disk_;
    node::Trash trash_;
    std::stop_source end_of_waiting_;
    std::shared_ptr<Lives> lives_ = std::make_shared<Lives>();
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<BatchAccount>, std::less<>> open_;
    std::optional<Addresses> addresses_;
    std::shared_ptr<batch::BatchAccounts> views_ = std::make_shared<batch::BatchAccounts>();
    std::shared_ptr<ApplicationControl::Accounts> applications_ =
        std::make_shared<ApplicationControl::Accounts>();
};

}  // namespace bluebatch::emulator::app
