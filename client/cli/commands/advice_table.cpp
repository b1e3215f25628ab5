#include "client/cli/commands/advice_table.hpp"

#include <array>

namespace bluebatch::cli {
namespace {

// clang-format off
constexpr std::array kCommandAdvice{
    Advice{"AccountCoreQuotaReached",        "The account's core quota is used up: ask for fewer or smaller nodes, or for more quota in the portal."},
    Advice{"AccountIsDisabled",              "The account is disabled; see its page in the portal."},
    Advice{"ActiveJobAndScheduleQuotaReached", "The account has as many active jobs as it may: delete finished ones."},
    Advice{"AuthorizationFailure",           "The account's firewall may refuse this machine; see Networking in the portal."},
    Advice{"AuthorizationPermissionMismatch", "The identity lacks a role: it needs Storage Blob Data Contributor on the storage account."},
    Advice{"BlobNotFound",                   "'bluebatch blob list CONTAINER' shows those there are."},
    Advice{"ContainerAlreadyExists",         "'bluebatch container show NAME' tells what it is."},
    Advice{"ContainerBeingDeleted",          "It is being deleted, which takes up to half a minute; then try again."},
    Advice{"ContainerNotFound",              "'bluebatch container list' shows those there are, 'bluebatch container create NAME' makes one."},
    Advice{"FileNotFound",                   "'bluebatch file list' shows those there are; files go with their node, and with the task's retention time."},
    Advice{"InsufficientAccountPermissions", "The identity lacks a role: it needs Azure Batch Data Contributor (or Contributor) on the Batch account."},
    Advice{"JobBeingDeleted",                "The job is being deleted; try again in a moment."},
    Advice{"JobCompleted",                   "The job has ended; make a new one with 'bluebatch job create'."},
    Advice{"JobExists",                      "'bluebatch job show JOB' tells what it is."},
    Advice{"JobNotFound",                    "'bluebatch job list' shows those there are."},
    Advice{"NodeNotFound",                   "'bluebatch node list POOL' shows those there are."},
    Advice{"NodeNotReady",                   "'bluebatch node list POOL' shows the state of its nodes."},
    Advice{"OperationInvalidForCurrentState", "'bluebatch pool show', 'node list', 'job show' and 'task show' tell what state things are in; 'pool wait' and 'task wait' wait."},
    Advice{"PoolBeingDeleted",               "The pool is being deleted; try again in a few minutes."},
    Advice{"PoolBeingResized",               "'bluebatch pool wait POOL' waits for the resize, 'bluebatch pool resize POOL --stop' ends it."},
    Advice{"PoolExists",                     "'bluebatch pool show POOL' tells what it is, 'bluebatch pool resize POOL' changes its size."},
    Advice{"PoolNotFound",                   "'bluebatch pool list' shows those there are."},
    Advice{"PoolQuotaReached",               "The account has as many pools as it may: delete one."},
    Advice{"TaskExists",                     "'bluebatch task show JOB TASK' tells what it is."},
    Advice{"TaskNotFound",                   "'bluebatch task list JOB' shows those there are."},
};
// clang-format on

}  // namespace

std::span<Advice const> command_advice() {
    return kCommandAdvice;
}

}  // namespace bluebatch::cli
