#include "emulator/app/options_storage.hpp"

#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace bluebatch::emulator::app {

std::string variable_of(std::string const& flag) {
    auto name = base::to_upper(flag);
    std::ranges::replace(name, '-', '_');
    return "BLUEBATCH_" + name;
}

void declare_storage_options(CLI::App& app, Options& options) {
    constexpr int kMostDays = 365;
    app.add_flag(
           "--blob-versioning", options.blob_versioning, "Keep what is overwritten or deleted as a version"
    )
        ->envname(variable_of("blob-versioning"));
    app.add_option(
           "--blob-soft-delete", options.blob_soft_delete, "Days for which deleted blobs can be restored"
    )
        ->envname(variable_of("blob-soft-delete"))
        ->check(CLI::Range(1, kMostDays));
    app.add_option(
           "--container-soft-delete",
           options.container_soft_delete,
           "Days for which deleted containers can be restored"
    )
        ->envname(variable_of("container-soft-delete"))
        ->check(CLI::Range(1, kMostDays));
    app.add_flag("--blob-access-tracking", options.blob_access_tracking, "Note when blobs were last read")
        ->envname(variable_of("blob-access-tracking"));
}

}  // namespace bluebatch::emulator::app
