#pragma once

#include "emulator/app/application_control.hpp"
#include "emulator/app/options.hpp"
#include "emulator/batch/service.hpp"
#include "emulator/blob/account.hpp"
#include "emulator/domain/log_upload.hpp"
#include "emulator/domain/messages.hpp"
#include "emulator/domain/task_tokens.hpp"
#include "emulator/ffmpeg/transcoder.hpp"
#include "emulator/node/blob_locator.hpp"
#include "emulator/simulation/leaps.hpp"
#include "emulator/storage/batch/application_packages.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/client.hpp"
#include "shared/http/service.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace bluebatch::emulator::scheduler {
struct DocumentReaders;
}

namespace bluebatch::emulator::app {

// What all Batch accounts use together; outlives them.
struct Surroundings {
    Options const& options;
    std::filesystem::path const& location;
    http::Service& blob;
    blob::BlobAccounts const& blob_accounts;
    storage::Database& accounts;  // storage/accounts
    http::Client& network;
    ffmpeg::Transcoder& transcoder;
    std::filesystem::path const& node_bin;           // with our own ffmpeg; empty: none
    std::filesystem::path const& container_program;  // may be empty
    base::Clock& clock;
    base::Random& random;
    simulation::Leaps& leaps;
};

// Where the ports came to lie.
struct Addresses {
    std::string batch_url;
    node::BlobEndpoint blob;
};

// One Batch account: its database, and once started its scheduler and nodes.
class BatchAccount {
public:
    // Opens or makes the database. The token goes when it is closed again.
    BatchAccount(Account account, Surroundings surroundings, std::shared_ptr<void> life);
    ~BatchAccount();  // stops

    // Makes scheduler and nodes. What an earlier life left running must have been ended.
    void prepare(Addresses const& addresses);
    // Once all accounts that are to begin together are prepared: a simulated clock waits for each of them.
    void start();
    // Ends the scheduler, then everything that its nodes run: a second at most. Requests may still come.
    void stop();

    // With what it has as long as it lives. `account` may have other keys than at first.
    batch::BatchAccount for_service(Account const& account);
    // What was to come later may be due now.
    void clock_changed();
    ApplicationControl::Account for_control();
    // Where the state of an account lies; the first is its database.
    static std::vector<std::filesystem::path> files_of(
        std::filesystem::path const& location, std::string const& account
    );

private:
    struct Running;
    // Calls `use` unless it is stopped; it isn't meanwhile.
    template <class Use>
    bool while_running(Use use);
    bool runs_containers() const;
    scheduler::DocumentReaders readers();
    // Tells the scheduler; before it is started there is nobody to tell, and it reads the store when it
    // starts.
    void notify(domain::Change change);
    // False when too many wait, or nobody is there to upload.
    bool upload(domain::LogUpload log);

    std::shared_ptr<void> life_;  // the last to go
    Account account_;
    Surroundings surroundings_;
    storage::Database database_;
    std::shared_ptr<autoscale::PoolSamples> samples_ = std::make_shared<autoscale::PoolSamples>();
    std::shared_ptr<domain::TaskTokens> task_tokens_ = std::make_shared<domain::TaskTokens>();
    storage::ApplicationPackages packages_;
    std::shared_mutex mutex_;  // held by those who use it, so that it does not end under them
    Running* running_ = nullptr;
    std::mutex turning_;  // held while it starts or stops, one after the other
    bool has_ended_ = false;
    std::unique_ptr<Running> owned_;
};

}  // namespace bluebatch::emulator::app
