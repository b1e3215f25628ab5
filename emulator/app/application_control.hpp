#pragma once

#include "emulator/app/control_answer.hpp"
#include "emulator/domain/account_table.hpp"
#include "emulator/storage/batch/application_packages.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"
#include "shared/http/message.hpp"
#include "shared/http/service.hpp"

#include <memory>
#include <optional>
#include <string>

namespace bluebatch::emulator::app {

// What a resource manager does with application packages of Batch accounts in the cloud, for scripts on this
// machine:
//     GET    /_bluebatch/applications/ACCOUNT
//     GET    /_bluebatch/applications/ACCOUNT/ID
//     PATCH  /_bluebatch/applications/ACCOUNT/ID                     {"defaultVersion": "1.0"}
//     DELETE /_bluebatch/applications/ACCOUNT/ID                     once its packages are gone
//     PUT    /_bluebatch/applications/ACCOUNT/ID/versions/VERSION    a zip file
//     GET    /_bluebatch/applications/ACCOUNT/ID/versions/VERSION
//     DELETE /_bluebatch/applications/ACCOUNT/ID/versions/VERSION
// Thread-safe.
class ApplicationControl {
public:
    static constexpr std::string_view kPath = "/_bluebatch/applications/";
    static constexpr std::uint64_t kLargestPackage = std::uint64_t{2} << 30;

    struct Account {
        std::string name;
        storage::Database& database;
        storage::ApplicationPackages& packages;
    };

    using Accounts = domain::AccountTable<Account>;

    ApplicationControl(
        std::shared_ptr<Accounts const> accounts, std::filesystem::path spool_folder, base::Clock& clock
    )
        : accounts_(std::move(accounts)), spool_folder_(std::move(spool_folder)), clock_(clock) {}

    // How to take the body of a package; nothing for every other request.
    std::optional<http::BodyPlan> plan(http::RequestHead const& head) const;

    ControlAnswer answer(http::Request const& request);

private:
    std::shared_ptr<Accounts const> accounts_;
    std::filesystem::path spool_folder_;
    base::Clock& clock_;
};

}  // namespace bluebatch::emulator::app
