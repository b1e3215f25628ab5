#pragma once

#include "emulator/autoscale/pool_samples.hpp"
#include "emulator/domain/account_table.hpp"
#include "emulator/domain/log_upload.hpp"
#include "emulator/domain/messages.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/domain/task_tokens.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/azure/bearer_token.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/service.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bluebatch::emulator::batch {

// An account with its own pools and jobs. The database is shared with the scheduler, and is there as
// long as this.
struct BatchAccount {
    std::string name;
    std::vector<std::string> keys_base64;
    storage::Database* database = nullptr;
    domain::ChangeSink changes;
    domain::LogSink upload_log = {};
    domain::Quotas quotas = {};
    // What formulas of pools look at; the scheduler's.
    std::shared_ptr<autoscale::PoolSamples const> samples = std::make_shared<autoscale::PoolSamples const>();
    // What commands on its nodes may sign their requests with, beside its keys.
    std::shared_ptr<domain::TaskTokens const> task_tokens = std::make_shared<domain::TaskTokens const>();
    // Resource ids of the user-assigned identities that its pools have.
    std::vector<std::string> pool_identities = {};
    bool runs_containers = false;  // this machine has a program for that
    bool is_simulated = false;     // tasks leave no files behind
};

using BatchAccounts = domain::AccountTable<BatchAccount>;

// The REST interface of Azure Batch. Requests are signed with SharedKey, and the account is the one that they
// name; or they hold a bearer token, and it is that of their host; or the token of a task, which opens its
// job. Thread-safe.
class BatchService final : public http::Service {
public:
    // `location` is where nodes keep their files (domain/node_directories.hpp). `control` answers below
    // /_bluebatch/, where nothing is authenticated here; it may be null. `tokens` may be empty.
    BatchService(
        std::shared_ptr<BatchAccounts> accounts,
        std::shared_ptr<azure::TokenValidator const> tokens,
        std::filesystem::path location,
        base::Clock& clock,
        base::Random& random,
        http::Service* control
    );
    ~BatchService() override;

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bluebatch::emulator::batch
