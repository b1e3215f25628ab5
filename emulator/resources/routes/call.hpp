#pragma once

#include "emulator/resources/service/accounts.hpp"
#include "emulator/resources/wire/answers.hpp"
#include "shared/http/router.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::resources::routes {

using wire::Json;
using wire::Origin;
using wire::Refusal;
using wire::Result;

// A request that has passed authentication and found its route.
struct Call {
    World& world;
    http::Request const& request;
    http::PathParameters const& path;
    std::string_view tenant_id;  // whose token it is
    azure::Role role;
    std::string_view request_id;
    base::TimePoint now;

    domain::Accounts& accounts() const { return world.around.accounts; }
    // "https://management.azure.com", as the request names it.
    std::string base_url() const;
    // As Microsoft.Batch says it.
    Refusal batch_refusal(int status, std::string code, std::string_view message) const;
};

using Handler = Result<http::Response> (*)(Call const&);
// The operation is the action that roles allow: "Microsoft.Batch/batchAccounts/write".
using Route = http::Route<Handler>;

// The body, {} when it is empty.
Result<Json> read_body(Call const& call);

// "East US" -> "eastus"
std::string normal_location(std::string_view location);
bool is_location(std::string_view normal);

Refusal no_such_group(std::string_view name);
// The group of the path, which stays while the caller changes things.
Result<storage::ResourceGroup> require_group(Call const& call, Changing const&);

// Why tags can't be these, or nothing.
std::optional<Refusal> fault_of_tags(Json const& tags);

// 202 for what has been done already: `path` is where the client asks for `resource` (empty: it is gone),
// which is `operation`'s. A client waits for a second at least.
struct Finished {
    std::string operation;
    std::string path;   // not encoded
    std::string query;  // further parameters, each with a '&' behind it
    std::string resource;
};
http::Response accept(Call const& call, Finished finished);

// Of a list that has another page, whose token is given.
std::string next_page(Call const& call, std::string_view token);

}  // namespace bluebatch::emulator::resources::routes
