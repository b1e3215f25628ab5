#pragma once

#include "client/api/batch_client.hpp"
#include "client/api/blob_client.hpp"
#include "client/api/pipeline.hpp"
#include "client/api/sas_issuer.hpp"
#include "client/api/token_source.hpp"
#include "client/cli/accounts.hpp"
#include "client/cli/advice.hpp"
#include "client/cli/console.hpp"
#include "client/cli/emulator_process.hpp"
#include "client/cli/environment.hpp"
#include "client/cli/options.hpp"

#include <memory>
#include <optional>
#include <stop_token>

namespace bluebatch::cli {

// What a command needs of the world. Tests bring their own.
struct World {
    base::Clock const& clock;
    base::Random& random;
    client::Waiter& waiter;
    Environment environment;
    Console& console;
    std::stop_token stop;
};

// What becomes of a command when nothing answers where the emulator would be.
enum class AbsentEmulator : std::uint8_t {
    start,   // one for this run
    refuse,  // an emulator that just started would have nothing to show
    ignore,  // the command asks nobody
};
enum class TellAccounts : std::uint8_t { no, yes };

struct ConnectionRules {
    Services services = Services::both;
    AbsentEmulator absent_emulator = AbsentEmulator::start;
    TellAccounts tell = TellAccounts::yes;
};

http::ClientOptions client_options(ConnectionOptions const& options, Environment const& environment);

// The two services of the chosen target, ready to be called, and the emulator when it had to be started.
class Connection {
public:
    // Finds the accounts, says where they come from, and for the emulator makes sure that one answers.
    static Outcome<std::unique_ptr<Connection>> open(
        ConnectionOptions const& options, World const& world, ConnectionRules const& rules = {}
    );
    // With a client of the caller's own.
    Connection(
        Accounts accounts,
        std::unique_ptr<http::Client> client,
        World const& world,
        TellAccounts tell = TellAccounts::no
    );
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    Accounts const& accounts() const { return accounts_; }
    client::BatchClient batch(client::CallOptions options) const {
        return {batch_pipeline_, accounts_.batch.endpoint, std::move(options)};
    }
    client::BlobClient blob(client::CallOptions options) const {
        return {blob_pipeline_, accounts_.storage.blob_endpoint, std::move(options)};
    }
    // Where there is somebody to sign in; null otherwise.
    client::TokenSource* tokens() { return tokens_.get(); }
    // To the resource manager, where there is somebody to sign in; null otherwise.
    client::Pipeline const* manager() const { return manager_pipeline_ ? &*manager_pipeline_ : nullptr; }
    // Only where the storage account is known.
    client::SasIssuer& sas() { return *sas_; }

private:
    Accounts accounts_;
    std::optional<EmulatorProcess> emulator_;
    std::unique_ptr<http::Client> client_;
    std::unique_ptr<client::TokenSource> tokens_;  // where there is somebody to sign in
    std::unique_ptr<client::Authorizer> batch_authorizer_;
    std::unique_ptr<client::Authorizer> blob_authorizer_;
    std::unique_ptr<client::Authorizer> manager_authorizer_;
    client::Pipeline batch_pipeline_;
    client::Pipeline blob_pipeline_;
    std::optional<client::Pipeline> manager_pipeline_;
    std::unique_ptr<client::SasIssuer> sas_;
};

}  // namespace bluebatch::cli
