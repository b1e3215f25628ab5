#include "emulator/resources/service/data_plane.hpp"

#include "shared/azure/batch_shared_key.hpp"
#include "shared/azure/storage_shared_key.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace bluebatch::emulator::resources::service {

namespace {

http::OutgoingRequest make_request(std::string_view host, DataRequest request) {
    http::OutgoingRequest outgoing;
    outgoing.verb = request.verb;
    outgoing.url = fmt::format("https://{}{}", host, request.target);
    outgoing.headers = std::move(request.headers);
    outgoing.body = std::move(request.body);
    return outgoing;
}

// Our own words, so they are well-formed.
http::RequestHead head_of(std::string_view target) {
    http::RequestHead head;
    if (!http::parse_target(target, head)) throw std::logic_error("a malformed request to a service");
    return head;
}

std::string const& key_of(domain::Account const& account) {
    if (account.keys.empty()) throw std::runtime_error("the account " + account.name + " has no key");
    return account.keys.front().base64;
}

http::IncomingResponse send(
    http::Service& service, http::OutgoingRequest const& request, http::BodySink const& sink
) {
    auto response = http::make_local_client(service)->send(request, sink, {});
    if (!response) throw std::runtime_error(response.error().message);
    return *std::move(response);
}

}  // namespace

http::IncomingResponse ask_blob(
    World& world, domain::Account const& account, DataRequest request, http::BodySink const& sink
) {
    auto const head = head_of(request.target);
    auto outgoing = make_request(account.name + ".blob.core.windows.net", std::move(request));
    outgoing.headers.set("x-ms-version", "2021-12-02");
    outgoing.headers.set("x-ms-date", base::to_rfc1123(world.around.clock.machine_now()));
    azure::sign_with_shared_key(
        outgoing.verb,
        head.path,
        head.query,
        outgoing.headers,
        http::body_size(outgoing),
        {account.name, key_of(account)}
    );
    return send(world.around.blob, outgoing, sink);
}

http::IncomingResponse ask_batch(
    World& world, domain::Account const& account, std::string_view host, DataRequest request
) {
    request.target += request.target.find('?') == std::string::npos ? '?' : '&';
    request.target += fmt::format("api-version={}", kBatchVersion);
    auto const head = head_of(request.target);
    auto outgoing = make_request(host, std::move(request));
    if (http::body_size(outgoing) != 0)
        outgoing.headers.set("Content-Type", "application/json; odata=minimalmetadata");
    outgoing.headers.set("ocp-date", base::to_rfc1123(world.around.clock.machine_now()));
    auto const length =
        http::states_length(outgoing) ? std::optional{http::body_size(outgoing)} : std::nullopt;
    azure::sign_batch_request(
        outgoing.verb, head.path, head.query, outgoing.headers, length, {account.name, key_of(account)}
    );
    return send(world.around.batch, outgoing, {});
}

}  // namespace bluebatch::emulator::resources::service
