#include "client/cli/identity.hpp"

#include "client/api/az_credential.hpp"
#include "client/api/connection_string.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace bluebatch::cli {
namespace {

struct SignInName {
    SignIn way;
    std::string_view name;
};
constexpr std::array<SignInName, 7> kSignInNames{{
    {SignIn::automatic, "auto"},
    {SignIn::key, "key"},
    {SignIn::sas, "sas"},
    {SignIn::secret, "secret"},
    {SignIn::workload, "workload"},
    {SignIn::managed_identity, "managed-identity"},
    {SignIn::az, "az"},
}};
constexpr std::array kTokenWays{SignIn::secret, SignIn::workload, SignIn::managed_identity, SignIn::az};

std::unique_ptr<client::Credential> make_one(
    SignIn way, Identity const& identity, client::TokenTransport transport
) {
    switch (way) {
        case SignIn::secret:
            return client::make_secret_credential(identity.application, identity.client_secret, transport);
        case SignIn::workload:
            return client::make_workload_credential(
                identity.application, identity.federated_token_file, transport
            );
        case SignIn::managed_identity:
            return client::make_managed_identity(identity.managed, transport);
        default:
            return client::make_az_credential(&client::run_program);
    }
}

}  // namespace

std::string sign_in_names() {
    std::string names;
    for (auto const& [way, name] : kSignInNames) {
        if (!names.empty()) names += '|';
        names += name;
    }
    return names;
}

std::optional<SignIn> parse_sign_in(std::string_view name) {
    auto const* const found = std::ranges::find(kSignInNames, name, &SignInName::name);
    return found == kSignInNames.end() ? std::nullopt : std::optional(found->way);
}

std::string_view to_string(SignIn way) {
    return kSignInNames[static_cast<std::size_t>(way)].name;
}

bool gives_tokens(SignIn way) {
    return std::ranges::find(kTokenWays, way) != kTokenWays.end();
}

base::Result<client::Cloud const*> find_cloud(Sources const& sources) {
    client::Cloud const* told = nullptr;
    std::string teller;
    for (auto const setting : {Setting::batch_endpoint, Setting::blob_endpoint}) {
        auto const endpoint = sources.find(setting);
        auto const* const cloud = endpoint ? client::cloud_of_endpoint(endpoint->value) : nullptr;
        if (!cloud || told) continue;
        told = cloud;
        teller = describe(*endpoint);
    }
    if (auto const text = sources.find(Setting::connection_string); text && !told) {
        auto const account = client::parse_connection_string(text->value);
        if (account) told = client::cloud_of_endpoint(account->blob_endpoint);
        teller = describe(*text);
    }
    auto const named = sources.find(Setting::cloud);
    if (!named) return told ? told : &client::public_cloud();
    auto const* const cloud = client::find_cloud(named->value);
    if (!cloud) {
        return base::Failure{fmt::format(
            "There is no cloud {} ({}): it is public, china or usgov.", named->value, describe(*named)
        )};
    }
    if (told && told != cloud) {
        return base::Failure{fmt::format(
            "The cloud is to be {} ({}), but the endpoint from {} is of {}.",
            cloud->name,
            describe(*named),
            teller,
            told->name
        )};
    }
    return cloud;
}

base::Result<SignIn> find_sign_in(Target target, Sources const& sources) {
    auto const found = sources.find(Setting::auth);
    if (!found) return SignIn::automatic;
    auto const way = parse_sign_in(found->value);
    if (!way) {
        return base::Failure{fmt::format(
            "{} ({}) is no way to sign in: it is one of {}.", found->value, describe(*found), sign_in_names()
        )};
    }
    if (target == Target::emulator && gives_tokens(*way)) {
        return base::Failure{fmt::format(
            "Signing in by {} ({}) is for --target azure; 'bluebatch run -- bluebatch ... --target azure' "
            "tries "
            "it on the emulator.",
            found->value,
            describe(*found)
        )};
    }
    return *way;
}

Identity find_identity(SignIn way, Sources const& sources, client::Cloud const& cloud) {
    auto const text = [&sources](Setting setting) {
        auto const found = sources.find(setting);
        return found ? found->value : std::string();
    };
    Identity identity;
    identity.way = way;
    auto authority = text(Setting::authority_host);
    if (authority.empty()) authority = cloud.authority_host;
    if (authority.find("://") == std::string::npos) authority.insert(0, "https://");
    while (authority.ends_with('/'))
        authority.pop_back();
    identity.application = {authority, text(Setting::tenant_id), text(Setting::client_id)};
    identity.client_secret = text(Setting::client_secret);
    identity.federated_token_file = text(Setting::federated_token_file);
    identity.managed = {
        .identity_endpoint = text(Setting::identity_endpoint),
        .identity_header = text(Setting::identity_header),
        .identity_thumbprint = text(Setting::identity_thumbprint),
        .imds_endpoint = text(Setting::imds_endpoint),
        .msi_endpoint = text(Setting::msi_endpoint),
        .machine_host = text(Setting::machine_identity_host),
        .client_id = identity.application.client_id,
        .probe = gives_tokens(way) ? client::Probe::no : client::Probe::yes,
    };
    return identity;
}

std::string describe(Identity const& identity) {
    auto const tell = [](std::string_view how) { return "Microsoft Entra ID, " + std::string(how); };
    auto const& [authority, tenant, client] = identity.application;
    bool const is_named = !tenant.empty() && !client.empty();
    bool const has_secret = is_named && !identity.client_secret.empty();
    bool const has_file = is_named && !identity.federated_token_file.empty();
    bool const has_endpoint = !identity.managed.identity_endpoint.empty();
    switch (identity.way) {
        case SignIn::secret:
            return tell("client secret");
        case SignIn::workload:
            return tell("workload identity");
        case SignIn::managed_identity:
            return tell("managed identity");
        case SignIn::az:
            return tell("az");
        default:
            break;
    }
    if (has_secret) return tell("client secret, AZURE_CLIENT_ID");
    if (has_file) return tell("workload identity, AZURE_FEDERATED_TOKEN_FILE");
    if (has_endpoint) return tell("managed identity, IDENTITY_ENDPOINT");
    return tell("managed identity of this machine or az");
}

std::unique_ptr<client::Credential> make_credential(
    Identity const& identity,
    client::TokenTransport transport,
    std::function<void(std::string const& name)> tell
) {
    std::vector<std::unique_ptr<client::Credential>> ways;
    if (gives_tokens(identity.way)) {
        ways.push_back(make_one(identity.way, identity, transport));
    } else {
        for (auto const way : kTokenWays)
            ways.push_back(make_one(way, identity, transport));
    }
    return client::make_chain(std::move(ways), std::move(tell));
}

}  // namespace bluebatch::cli
