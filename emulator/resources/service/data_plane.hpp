#pragma once

#include "emulator/resources/service/world.hpp"
#include "shared/http/client.hpp"

#include <string>
#include <string_view>

// Requests to the services themselves, as their owner sends them: signed with the account's primary key, to
// the host that programs name.
namespace bluebatch::emulator::resources::service {

struct DataRequest {
    http::Verb verb = http::Verb::get;
    std::string target;  // path and query, percent-encoded
    http::Headers headers = {};
    std::string body = {};
};

// `sink` takes the body of a 2xx answer; without one it is in the answer.
http::IncomingResponse ask_blob(
    World& world, domain::Account const& account, DataRequest request, http::BodySink const& sink = {}
);
// `host` is where the account's data plane answers.
http::IncomingResponse ask_batch(
    World& world, domain::Account const& account, std::string_view host, DataRequest request
);

// The api-version that Batch is asked in.
inline constexpr std::string_view kBatchVersion = "2022-10-01.16.0";

}  // namespace bluebatch::emulator::resources::service
