#pragma once

#include "client/api/batch_client.hpp"
#include "client/api/blob_client.hpp"
#include "client/cli/commands/command.hpp"
#include "client/cli/commands/table.hpp"
#include "client/cli/commands/values.hpp"
#include "client/cli/connection.hpp"
#include "client/cli/options.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// What a daily command was asked for and has at hand.
struct CommandContext {
    Values const& values;
    World const& world;
    Connection& connection;
    OutputForm form = OutputForm::text;
    client::BatchClient batch;
    client::BlobClient blob;

    Console& console() const { return world.console; }
    // Of the service that the command speaks to first.
    std::string const& endpoint() const {
        return batch.endpoint().empty() ? blob.endpoint() : batch.endpoint();
    }
    bool wants_json() const { return form == OutputForm::json; }

    // A line for people, or a document for programs: whichever was asked for.
    void tell(std::string_view text, nlohmann::json const& document) const;
    void print(nlohmann::json const& document) const;
    // A list, or what to do when it is empty.
    void print(Table const& table, std::string_view when_empty) const;
    // All members of a document, one per line, those named first.
    void print_members(nlohmann::json const& document, std::vector<std::string_view> const& first) const;

    // Whether to delete: yes unless somebody who sits at a terminal says otherwise.
    bool may_delete(std::string_view what) const;
    // The same for what does nothing else: how it ends when nothing is to be deleted.
    std::optional<ExitStatus> declined(std::string_view what) const;

    Failure batch_failure(client::ApiError const& error, std::string_view doing) const;
    Failure blob_failure(client::ApiError const& error, std::string_view doing) const;
};

// Waits until `look` has a status; asks it again and again, less and less often. `what` completes "... did
// not happen within 30m". Its failures end the wait.
Outcome<ExitStatus> wait_for(
    CommandContext const& context,
    std::string_view what,
    std::function<Outcome<std::optional<ExitStatus>>()> const& look
);

// The document of --file, or an empty object. Failures name the file and the place.
Outcome<nlohmann::json> read_specification(CommandContext const& context);

}  // namespace bluebatch::cli
