#pragma once

#include "emulator/blob/account.hpp"
#include "emulator/blob/authentication.hpp"
#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/blob/copy_worker.hpp"
#include "emulator/blob/routes/route.hpp"
#include "emulator/blob/service_settings.hpp"
#include "emulator/blob/target.hpp"
#include "emulator/storage/blob/blob_storage.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/service.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <variant>
#include <vector>

namespace bluebatch::emulator::blob {

struct BlobServiceOptions {
    std::shared_ptr<BlobAccounts> accounts;
    std::filesystem::path location;  // a folder; made when it is not there
    storage::Durability durability = storage::Durability::process;
    // How far the date of a signed request may be from the clock.
    base::Ticks date_tolerance = std::chrono::minutes{15};
    // Of accounts that have not set their own.
    cases::AccountPolicy default_policy{};
    // By which copies read what is elsewhere; empty: one is made.
    std::shared_ptr<http::Client> network{};
    // Which bearer tokens are accepted; empty: none.
    std::shared_ptr<azure::TokenValidator const> token_validator{};
};

// Azure Blob Storage behind a port. Thread-safe.
class BlobService final : public routes::Front {
public:
    // Opens what is at the location. Throws StorageError or std::filesystem::filesystem_error when that can't
    // be.
    BlobService(BlobServiceOptions options, base::Clock& clock, base::Random& random);

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;
    http::Response refuse(http::RequestHead const& head, azure::StorageError const& error) override;
    http::Response failed(http::RequestHead const& head, std::exception const& error) override;

    // Reads from no other server any more. What is being copied stays pending, and has failed when the
    // service is opened again.
    void stop_copies() { copies_.stop(); }

    // To be called once the emulator has started on a full disk: what is left of what the start was given is
    // in reserve again.
    void keep_reserve() { storage_.keep_reserve(); }

    // Removes what an account holds and what was set for it. What is being written to it at this moment may
    // stay.
    void empty_account(std::string const& name);

    // What a resource manager sets in the cloud.
    cases::AccountPolicies& policies() { return policies_; }

private:
    struct Matched {
        Target target;
        routes::Route const* route = nullptr;
        std::string version{};
    };

    azure::StorageResult<Matched> match(http::RequestHead const& head) const;
    // Who may do it, and how its body is taken.
    azure::StorageResult<http::BodyPlan> plan(http::RequestHead const& head) const;
    azure::StorageResult<http::Response> handle(http::Request& request);
    http::Response preflight(http::RequestHead const& head) const;
    http::Response answer_site(http::RequestHead const& head, Website const& site);
    // The headers that every answer has.
    http::Response finish(http::RequestHead const& head, azure::StorageResult<http::Response> answer) const;
    std::string version_of_answer(http::RequestHead const& head) const;
    void note_version(std::string_view version);

    BlobServiceOptions options_;
    store::BlobStorage storage_;
    ServiceSettings settings_;
    cases::AccountPolicies policies_;
    Context context_;
    Authenticator authenticator_;
    std::shared_ptr<http::Client> network_;
    ForeignReader foreign_;
    CopyWorker copies_;
    std::atomic<bool> has_noted_version_{false};
};

}  // namespace bluebatch::emulator::blob
