#include "client/cli/commands/sync_plan.hpp"

#include <map>
#include <utility>

namespace bluebatch::cli {
namespace {

using Md5OfFile = std::function<std::string(std::string const& name)>;

// Why the source has to be transferred; empty when the target is like it.
std::string difference(SyncEntry const& source, SyncEntry const& target, Md5OfFile const& md5_of_file) {
    if (source.size != target.size) return "size differs";
    auto const& md5 = source.md5.empty() ? target.md5 : source.md5;
    if (!md5.empty()) return md5 == md5_of_file(source.name) ? "" : "content differs";
    bool const is_newer = !source.modified || !target.modified || *source.modified > *target.modified;
    return is_newer ? "newer" : "";
}

}  // namespace

std::vector<SyncStep> plan_sync(
    std::vector<SyncEntry> source, std::vector<SyncEntry> target, Extras extras, Md5OfFile const& md5_of_file
) {
    std::map<std::string, std::pair<SyncEntry const*, SyncEntry const*>> names;
    for (auto const& entry : source)
        names[entry.name].first = &entry;
    for (auto const& entry : target)
        names[entry.name].second = &entry;
    std::vector<SyncStep> steps;
    for (auto const& [name, pair] : names) {
        auto const [wanted, present] = pair;
        if (!wanted) {
            bool const goes = extras == Extras::remove;
            steps.push_back(
                {goes ? SyncAction::remove : SyncAction::keep, name, present->size, "not in the source"}
            );
            continue;
        }
        auto reason = present ? difference(*wanted, *present, md5_of_file) : std::string("new");
        auto const action = reason.empty() ? SyncAction::keep : SyncAction::transfer;
        steps.push_back({action, name, wanted->size, reason.empty() ? "equal" : std::move(reason)});
    }
    return steps;
}

}  // namespace bluebatch::cli
