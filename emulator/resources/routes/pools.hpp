#pragma once

#include "emulator/resources/routes/call.hpp"
#include "shared/http/client.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace bluebatch::emulator::resources::routes {

// The pools of the path's account.
class Pools {
public:
    static Result<Pools> open(Call const& call);

    std::string id() const;  // of the account

    // `tail` goes on behind the pool of the path.
    http::IncomingResponse ask(
        http::Verb verb, std::string_view tail = {}, Json const& body = {}, http::Headers headers = {}
    ) const;
    http::IncomingResponse send(
        http::Verb verb, std::string target, Json const& body = {}, http::Headers headers = {}
    ) const;

    // For routes that change something: nothing when Batch did so.
    std::optional<Refusal> change(
        http::Verb verb, std::string_view tail, Json const& body = {}, http::Headers headers = {}
    ) const;

    // As the data plane shows it, where it is the one that a change is meant for.
    Result<Json> load() const;
    Result<http::Response> show() const;

private:
    Pools(Call const& call, service::Account account) : call_(&call), account_(std::move(account)) {}

    Call const* call_;
    service::Account account_;
};

// The conditions of those names, as the data plane takes them.
http::Headers conditions_of(Call const& call, std::initializer_list<std::string_view> names);

Result<http::Response> put_pool(Call const& call);
Result<http::Response> patch_pool(Call const& call);

}  // namespace bluebatch::emulator::resources::routes
