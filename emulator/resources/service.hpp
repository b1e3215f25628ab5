#pragma once

#include "emulator/domain/accounts.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/resources/audience.hpp"
#include "emulator/storage/batch/application_packages.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/azure/bearer_token.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/service.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <variant>

namespace bluebatch::emulator::resources {

// The application packages of one Batch account.
struct PackageStore {
    std::shared_ptr<void const> keeper;  // the account stays while somebody has this
    storage::Database* database = nullptr;
    storage::ApplicationPackages* packages = nullptr;
};
using FindPackages = std::function<std::optional<PackageStore>(std::string_view batch_account)>;

struct Surroundings {
    domain::Accounts& accounts;
    FindPackages find_packages;
    // The services as programs reach them: what is asked of them here is signed with the account's key.
    http::Service& blob;
    http::Service& batch;
    std::shared_ptr<azure::TokenValidator const> tokens;
    // Holds resources.sqlite and, in spool/, files on their way.
    std::filesystem::path location;
    storage::Durability durability;
    domain::Quotas quotas;  // of every Batch account
    base::Clock& clock;
    base::Random& random;
};

// The part of the Azure Resource Manager that sets up Batch and Storage accounts, behind
// management.azure.com. Thread-safe.
class ResourceService final : public http::Service {
public:
    // The database is opened or made at the first request: most emulators never have one. The references
    // outlive it.
    explicit ResourceService(Surroundings surroundings);
    ~ResourceService() override;

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const& head) override;
    http::Response answer(http::Request request) override;
    http::Response too_large(http::RequestHead const& head, std::uint64_t limit) override;

private:
    class Impl;
    Impl& impl();

    Surroundings const surroundings_;
    std::once_flag opened_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bluebatch::emulator::resources
