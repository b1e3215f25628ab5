#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/task_specification.hpp"
#include "emulator/node/blob_access.hpp"
#include "emulator/node/identity_access.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::node {

// The URL, with a SAS, of a container of the account's linked storage; empty when there is none.
using AutoStorage = std::function<std::string(std::string const& container_name)>;

// `file_path` below `folder`; nothing when it is empty, absolute or leads out of it. Batch: RES-5
std::optional<std::filesystem::path> path_below(
    std::filesystem::path const& folder, std::string_view file_path
);

// Brings them all into `folder`, making folders as needed and replacing what is there. Says why it could not;
// what a stop request interrupts is no failure. Batch: RES-1 to RES-10
std::optional<domain::FailureInfo> fetch_resource_files(
    BlobAccess& blobs,
    AutoStorage const& auto_storage,
    IdentityAccess const& identities,
    std::vector<domain::ResourceFile> const& files,
    std::filesystem::path const& folder,
    std::stop_token const& stop
);

}  // namespace bluebatch::emulator::node
