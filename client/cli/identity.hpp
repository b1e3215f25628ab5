#pragma once

#include "client/api/application_credential.hpp"
#include "client/api/clouds.hpp"
#include "client/api/credential.hpp"
#include "client/api/managed_identity.hpp"
#include "client/cli/settings.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// What --auth takes: the first that is there, or one of them.
enum class SignIn : std::uint8_t { automatic, key, sas, secret, workload, managed_identity, az };

// "auto|key|..."
std::string sign_in_names();
std::optional<SignIn> parse_sign_in(std::string_view name);
std::string_view to_string(SignIn way);
// Whether it is a way to get tokens of Microsoft Entra ID, and no other.
bool gives_tokens(SignIn way);

base::Result<SignIn> find_sign_in(Target target, Sources const& sources);
// The cloud that was named, or the one that endpoints are of; both may not differ.
base::Result<client::Cloud const*> find_cloud(Sources const& sources);

// Who we are to Microsoft Entra ID, as far as the environment tells.
struct Identity {
    SignIn way = SignIn::automatic;
    client::Application application;
    std::string client_secret;
    std::string federated_token_file;
    client::ManagedIdentityPlace managed;
};

Identity find_identity(SignIn way, Sources const& sources, client::Cloud const& cloud);

// "Microsoft Entra ID, client secret": without asking anybody. Of several ways the first that is configured.
std::string describe(Identity const& identity);

// In the order of DefaultAzureCredential where nothing else was asked for. `tell` is told which way was
// taken.
std::unique_ptr<client::Credential> make_credential(
    Identity const& identity,
    client::TokenTransport transport,
    std::function<void(std::string const& name)> tell
);

}  // namespace bluebatch::cli
