#include "client/cli/commands/context.hpp"
#include "client/cli/commands/groups.hpp"

#include <nlohmann/json.hpp>

namespace bluebatch::cli {
namespace {

// Nobody is asked, so it also works where nothing answers.
Outcome<ExitStatus> show_account(CommandContext const& context) {
    auto const& accounts = context.connection.accounts();
    auto const& batch = accounts.batch;
    auto const& storage = accounts.storage;
    if (context.wants_json()) {
        context.print(
            {{"target", accounts.target == Target::azure ? "azure" : "emulator"},
             {"batch",
              {{"account", batch.name},
               {"accountFrom", accounts.batch_sources.name},
               {"endpoint", batch.endpoint},
               {"endpointFrom", accounts.batch_sources.endpoint},
               {"credentialFrom", accounts.batch_source}}},
             {"storage",
              {{"account", storage.name},
               {"accountFrom", accounts.storage_sources.name},
               {"endpoint", storage.blob_endpoint},
               {"endpointFrom", accounts.storage_sources.endpoint},
               {"credentialFrom", accounts.storage_source}}}}
        );
        return ExitStatus::success;
    }
    Table table({{"SERVICE"}, {"ACCOUNT"}, {"ENDPOINT"}, {"ENDPOINT FROM"}, {"CREDENTIAL FROM"}});
    table.add({"batch", batch.name, batch.endpoint, accounts.batch_sources.endpoint, accounts.batch_source});
    table.add(
        {"blob",
         storage.name,
         storage.blob_endpoint,
         accounts.storage_sources.endpoint,
         accounts.storage_source}
    );
    context.print(table, {});
    return ExitStatus::success;
}

}  // namespace

CommandGroup account_commands() {
    return {
        "account",
        "Which accounts are used",
        {
            {"show",
             "Show which accounts are used and who said so; never a key",
             {},
             "bluebatch account show\nbluebatch account show --target azure --json",
             std::nullopt,
             &show_account},
        }};
}

}  // namespace bluebatch::cli
