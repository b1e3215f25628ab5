#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/task_tokens.hpp"
#include "emulator/node/blob_access.hpp"
#include "emulator/node/command.hpp"
#include "emulator/node/containers.hpp"
#include "emulator/node/environment.hpp"
#include "emulator/node/node_files.hpp"
#include "emulator/node/packages.hpp"
#include "emulator/node/resource_files.hpp"
#include "emulator/node/run_stop.hpp"
#include "emulator/node/use_meter.hpp"
#include "shared/base/clock.hpp"

namespace bluebatch::emulator::node {

// What every run needs. The references outlive all runs.
struct RunSurroundings {
    base::Clock& clock;
    NodeFiles& files;
    BlobAccess& blobs;
    UseMeter::Run& meter;
    CommandRunner& commands;
    Packages& packages;
    Containers& containers;
    domain::TaskTokens& tokens;
    AutoStorage const& auto_storage;
    IdentityAccess const& identities;
    NodeIdentity const& identity;
    Environment const& inherited;
};

struct RunEnd {
    domain::RunReport report;
    ProcessGroup left_behind = {};  // by a coordination command that succeeded. Batch: MI-4
};

// One run from its first directory to its last upload, on the thread that calls. Batch: TASK-3, TASK-36,
// OUT-8
RunEnd run_task(domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings);

}  // namespace bluebatch::emulator::node
