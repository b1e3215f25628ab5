#include "client/cli/commands/blob_copy.hpp"

#include "client/cli/commands/blob_paths.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace bluebatch::cli {
namespace {

// For how long the service may read a source; renewed for none, because a copy is fast within an account.
constexpr std::chrono::hours kSourceLifetime{24};

struct Copy {
    std::string source;  // a URL
    BlobAddress target;
};

bool is_url(std::string_view text) {
    return text.starts_with("https://") || text.starts_with("http://");
}

std::string last_part(std::string_view path) {
    auto const end = path.substr(0, path.find_first_of("?#"));
    return std::string(end.substr(end.rfind('/') + 1));
}

// With a key the service lets us read our own account; otherwise the URL has to carry a signature.
Outcome<std::string> source_url(
    CommandContext const& context, std::string const& container, std::string const& blob
) {
    auto url = context.blob.blob_url(container, blob);
    if (!context.connection.accounts().storage.key_base64.empty()) return url;
    auto const expiry = context.world.clock.now() + kSourceLifetime;
    auto const sas = context.connection.sas().issue({container, blob, "r", expiry});
    if (!sas) return context.blob_failure(sas.error(), fmt::format("sign {}/{}", container, blob));
    return fmt::format("{}?{}", url, *sas);
}

Failure no_blob(std::string_view address) {
    // A URL's query may hold a signature.
    auto const shown = address.substr(0, address.find('?'));
    return {
        ExitStatus::usage, fmt::format("{} does not name a blob: give CONTAINER/BLOB.", printable(shown))};
}

Outcome<std::vector<Copy>> plan_copies(CommandContext const& context) {
    auto const& from = context.values.text("SOURCE");
    auto const to = parse_address(context.values.text("TARGET"));
    bool const into_folder = to.path.empty() || to.path.ends_with('/');
    if (is_url(from)) {
        auto const last = http::percent_decode(last_part(from));
        if (into_folder && last.empty()) return no_blob(from);
        return std::vector{Copy{from, {to.container, into_folder ? to.path + last : to.path}}};
    }
    auto const source = parse_address(from);
    if (source.container.empty()) return no_blob(from);
    if (!context.values.has("--recursive")) {
        if (source.path.empty()) {
            return Failure{
                ExitStatus::usage,
                fmt::format("{} is a container: give --recursive to copy all of it.", from)};
        }
        if (source.path.ends_with('/')) return no_blob(from);
        auto url = source_url(context, source.container, source.path);
        if (!url) return url.error();
        auto const name = into_folder ? to.path + last_part(source.path) : to.path;
        return std::vector{Copy{*std::move(url), {to.container, name}}};
    }
    auto const prefix = folder_of(source);
    auto const blobs = context.blob.list_blobs(source.container, prefix);
    if (!blobs) return context.blob_failure(blobs.error(), "list " + from);
    std::vector<Copy> copies;
    for (auto const& blob : *blobs) {
        // The empty blob by which some tools stand for the folder itself.
        if (blob.name.size() == prefix.size()) continue;
        auto url = source_url(context, source.container, blob.name);
        if (!url) return url.error();
        copies.push_back({*std::move(url), {to.container, folder_of(to) + blob.name.substr(prefix.size())}});
    }
    if (copies.empty()) {
        return Failure{ExitStatus::usage, fmt::format("There are no blobs below {}.", from)};
    }
    return copies;
}

Outcome<ExitStatus> wait_for_copy(CommandContext const& context, BlobAddress const& target) {
    return wait_for(
        context,
        fmt::format("The copy to {}", to_string(target)),
        [&]() -> Outcome<std::optional<ExitStatus>> {
            auto const found = context.blob.blob_properties(target.container, target.path);
            if (!found) return context.blob_failure(found.error(), "look at " + to_string(target));
            if (found->copy_status == "pending") return std::optional<ExitStatus>{};
            if (found->copy_status.empty() || found->copy_status == "success")
                return std::optional(ExitStatus::success);
            return Failure{
                ExitStatus::usage,
                fmt::format("The copy to {} ended as {}.", to_string(target), found->copy_status)};
        }
    );
}

}  // namespace

Outcome<ExitStatus> copy_blobs(CommandContext const& context) {
    auto const copies = plan_copies(context);
    if (!copies) return copies.error();
    auto names = nlohmann::json::array();
    for (auto const& [source, target] : *copies) {
        auto const status = context.blob.start_copy(source, target.container, target.path);
        if (!status)
            return context.blob_failure(status.error(), fmt::format("copy to {}", to_string(target)));
        names.push_back(to_string(target));
    }
    for (auto const& copy : *copies) {
        auto const done = wait_for_copy(context, copy.target);
        if (!done) return done;
        if (!context.wants_json()) {
            context.console().line(fmt::format("{} copied.", printable(to_string(copy.target))));
        }
    }
    if (context.wants_json()) context.print({{"copied", names}});
    return ExitStatus::success;
}

}  // namespace bluebatch::cli
