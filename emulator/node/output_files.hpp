#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/task_specification.hpp"
#include "emulator/node/blob_access.hpp"
#include "emulator/node/environment.hpp"
#include "emulator/node/identity_access.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace bluebatch::emulator::node {

// The name of the blob that a matching file becomes. Batch: OUT-5, OUT-6
std::string blob_name(domain::OutputFile const& output, std::string const& matched_name);

// Uploads the files of every output whose condition holds, and writes what it did beside stdout.txt into
// fileuploadout.txt and fileuploaderr.txt. Goes on after a failure; the first one is reported. Batch: OUT-7
// to OUT-16
std::optional<domain::FailureInfo> upload_output_files(
    BlobAccess& blobs,
    IdentityAccess const& identities,
    std::vector<domain::OutputFile> const& outputs,
    int exit_code,
    RunDirectories const& directories,
    Environment const& environment,
    std::stop_token const& stop
);

}  // namespace bluebatch::emulator::node
