#pragma once

#include "emulator/app/control_answer.hpp"
#include "emulator/blob/account.hpp"
#include "emulator/blob/cases/account_policy.hpp"

#include <memory>
#include <string>

namespace bluebatch::emulator::app {

// What a resource manager sets of storage accounts in the cloud, for scripts on this machine:
//     GET /_bluebatch/storage/ACCOUNT
//     PUT /_bluebatch/storage/ACCOUNT   {"blobVersioning": true}
// Members that a PUT does not have stay as they are; both answer with all of them. Thread-safe.
class StorageSettings {
public:
    static constexpr std::string_view kPath = "/_bluebatch/storage/";

    StorageSettings(
        blob::cases::AccountPolicies& policies, std::shared_ptr<blob::BlobAccounts const> accounts
    )
        : policies_(policies), accounts_(std::move(accounts)) {}

    ControlAnswer answer(http::Request const& request);

private:
    ControlAnswer change(std::string const& account, std::string_view document);

    blob::cases::AccountPolicies& policies_;
    std::shared_ptr<blob::BlobAccounts const> accounts_;
};

}  // namespace bluebatch::emulator::app
