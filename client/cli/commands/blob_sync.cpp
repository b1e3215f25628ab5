#include "client/cli/commands/blob_transfer.hpp"
#include "client/cli/commands/sync_plan.hpp"
#include "client/cli/commands/transfers.hpp"
#include "client/cli/durations.hpp"
#include "shared/base/digest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <system_error>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

// Empty for a file that can't be read, which is like no blob.
std::string md5_of_file(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    base::Md5 md5;
    std::array<char, 64 * 1024> piece;
    while (stream) {
        stream.read(piece.data(), piece.size());
        md5.update(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
    }
    return stream.eof() ? base::to_base64(std::move(md5).finish()) : std::string{};
}

class Sync {
public:
    explicit Sync(CommandContext const& context)
        : context_(context),
          folder_(context.values.text("FOLDER")),
          address_(parse_address(context.values.text("CONTAINER"))),
          prefix_(folder_of(address_)),
          is_down_(context.values.has("--down")) {}

    Outcome<ExitStatus> run() {
        auto steps = plan();
        if (!steps) return steps.error();
        for (auto const& step : *steps)
            tell(step);
        if (!context_.values.has("--dry-run")) {
            if (!may_remove(*steps)) keep_all(*steps);
            if (context_.world.stop.stop_requested()) return ExitStatus::interrupted;
            if (auto const done = transfer(*steps); !done) return done.error();
            // Last, so that nothing is gone when a transfer fails.
            if (auto const done = remove(*steps); !done) return done.error();
        }
        tell_sum(*steps);
        return ExitStatus::success;
    }

private:
    Outcome<std::vector<SyncStep>> plan() const {
        std::error_code ignored;
        std::vector<SyncEntry> files, blobs;
        if (!is_down_ || fs::exists(folder_, ignored)) {
            if (!fs::is_directory(folder_, ignored)) {
                return Failure{ExitStatus::usage, fmt::format("{} is not a folder.", folder_.string())};
            }
            auto const found = find_local_files(folder_);
            if (!found) return found.error();
            if (!is_down_) note_skipped(context_, *found);
            for (auto const& file : found->files)
                files.push_back({file.name, file.size, file.modified, {}});
        }
        auto const listed = context_.blob.list_blobs(address_.container, prefix_);
        if (!listed) return context_.blob_failure(listed.error(), "list " + to_string(address_));
        for (auto const& blob : *listed) {
            auto const name = blob.name.substr(prefix_.size());
            bool const is_folder = name.empty() || (name.ends_with('/') && blob.size == 0);
            if (!is_folder) blobs.push_back({name, blob.size, blob.last_modified, blob.content_md5});
        }
        auto const extras = context_.values.has("--delete") ? Extras::remove : Extras::keep;
        auto const md5 = [this](std::string const& name) { return md5_of_file(folder_ / name); };
        return is_down_ ? plan_sync(blobs, files, extras, md5) : plan_sync(files, blobs, extras, md5);
    }

    void tell(SyncStep const& step) const {
        if (context_.wants_json() || step.action == SyncAction::keep) return;
        bool const goes = step.action == SyncAction::remove;
        context_.console().line(fmt::format(
            "{} {} ({})",
            goes       ? "delete"
            : is_down_ ? "download"
                       : "upload",
            printable(step.name),
            step.reason
        ));
    }

    Outcome<void> transfer(std::vector<SyncStep> const& steps) const {
        std::vector<Transfer> transfers;
        for (auto const& step : steps) {
            if (step.action != SyncAction::transfer) continue;
            auto const path = path_below(folder_, step.name);
            if (!path) {
                return Failure{
                    ExitStatus::usage,
                    fmt::format(
                        "{} can't be the name of a file. Nothing was changed.", printable(step.name)
                    )};
            }
            transfers.push_back({*path, prefix_ + step.name, step.size});
        }
        auto const sum = is_down_ ? download_all(context_, address_.container, transfers)
                                  : upload_all(context_, address_.container, transfers);
        if (!sum) return sum.error();
        return {};
    }

    bool may_remove(std::vector<SyncStep> const& steps) const {
        auto const count = count_of(steps, SyncAction::remove);
        auto const where = is_down_ ? folder_.string() : to_string(address_);
        return count == 0 || context_.may_delete(fmt::format("{} files of {}", count, where));
    }

    static void keep_all(std::vector<SyncStep>& steps) {
        for (auto& step : steps) {
            if (step.action == SyncAction::remove) step.action = SyncAction::keep;
        }
    }

    Outcome<void> remove(std::vector<SyncStep> const& steps) const {
        for (auto const& step : steps) {
            if (step.action != SyncAction::remove) continue;
            if (is_down_) {
                std::error_code error;
                fs::remove(folder_ / step.name, error);
                if (error) {
                    return Failure{
                        ExitStatus::usage, fmt::format("Can't delete {}: {}.", step.name, error.message())};
                }
                continue;
            }
            auto const removed = context_.blob.remove_blob(address_.container, prefix_ + step.name);
            if (!removed) return context_.blob_failure(removed.error(), "delete " + step.name);
        }
        return {};
    }

    static std::size_t count_of(std::vector<SyncStep> const& steps, SyncAction action) {
        std::size_t count = 0;
        for (auto const& step : steps)
            count += step.action == action ? 1 : 0;
        return count;
    }

    void tell_sum(std::vector<SyncStep> const& steps) const {
        bool const is_dry = context_.values.has("--dry-run");
        auto const transferred = count_of(steps, SyncAction::transfer);
        auto const removed = count_of(steps, SyncAction::remove);
        auto const kept = count_of(steps, SyncAction::keep);
        auto changes = nlohmann::json::array();
        for (auto const& step : steps) {
            if (step.action == SyncAction::keep) continue;
            bool const goes = step.action == SyncAction::remove;
            changes.push_back(
                {{"action",
                  goes       ? "delete"
                  : is_down_ ? "download"
                             : "upload"},
                 {"name", step.name},
                 {"size", step.size},
                 {"reason", step.reason}}
            );
        }
        context_.tell(
            fmt::format(
                "{}{} transferred, {} deleted, {} left as they are.",
                is_dry ? "Would be: " : "",
                transferred,
                removed,
                kept
            ),
            {{"dryRun", is_dry}, {"changes", changes}, {"unchanged", kept}}
        );
    }

    CommandContext const& context_;
    fs::path folder_;
    BlobAddress address_;
    std::string prefix_;
    bool is_down_;
};

}  // namespace

Outcome<ExitStatus> sync_blobs(CommandContext const& context) {
    return Sync(context).run();
}

}  // namespace bluebatch::cli
