#include "emulator/app/options_identity.hpp"

#include "emulator/app/options_storage.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace bluebatch::emulator::app {

void declare_identity_options(CLI::App& app, Options& options) {
    auto const read = [&options](std::vector<std::string> const& texts) {
        for (auto const& text : texts) {
            auto client = identity::parse_client(text);
            // The text may hold a secret, so it is not repeated.
            if (!client) {
                throw CLI::ValidationError(
                    "--principal",
                    "give CLIENT_ID[:SECRET][=ROLE[,ROLE]], where CLIENT_ID is a GUID, 'managed-identity' or "
                    "'user', and ROLE is owner, contributor or reader, or the same with batch- or blob- "
                    "before it"
                );
            }
            options.principals.push_back(*std::move(client));
        }
    };
    app.add_option_function<std::vector<std::string>>(
           "--principal",
           read,
           "Who gets tokens of Microsoft Entra ID, as CLIENT_ID[:SECRET][=ROLE[,ROLE]]; may be repeated "
           "(default: everybody, as owner of all)"
    )
        ->envname(variable_of("principal"));
}

}  // namespace bluebatch::emulator::app
