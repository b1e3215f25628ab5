#include "emulator/blob/cases/containers.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/documents.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

#include <array>

namespace bluebatch::emulator::blob::routes {
namespace {

http::Response state_response(int status, store::Container const& container) {
    auto response = empty_response(status);
    wire::add_state(response.headers, container);
    return response;
}

}  // namespace

Answer create_container(Call& call) {
    auto metadata = wire::read_metadata(call.headers());
    if (!metadata) return metadata.error();
    auto const access = wire::read_public_access(call.headers());
    if (!access) return access.error();
    auto encryption = wire::read_container_encryption(call.headers());
    if (!encryption) return encryption.error();
    auto const container = cases::create_container(
        call.context,
        call.address(),
        {*std::move(metadata), *access, std::move(encryption->default_scope), encryption->denies_override}
    );
    if (!container) return container.error();
    return state_response(201, *container);
}

Answer get_container(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const container = cases::read_container(call.context, call.address(), *guard);
    if (!container) return container.error();
    auto response = empty_response(200);
    wire::add_container(response.headers, *container, call.context.clock.now());
    return response;
}

Answer delete_container(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const deleted = cases::delete_container(call.context, call.address(), *guard);
    if (!deleted) return deleted.error();
    return empty_response(202);
}

// PUT /devstoreaccount1/container?restype=container&comp=undelete
// x-ms-deleted-container-name: container
// x-ms-deleted-container-version: 01D60F8BB59A4652
Answer restore_container(Call& call) {
    constexpr std::array<std::string_view, 2> kHeaders{
        "x-ms-deleted-container-name", "x-ms-deleted-container-version"};
    for (auto const name : kHeaders) {
        if (call.headers().get(name).empty()) return azure::missing_header(name);
    }
    auto const container = cases::restore_container(
        call.context, call.address(), call.headers().get(kHeaders[0]), call.headers().get(kHeaders[1])
    );
    if (!container) return container.error();
    return state_response(201, *container);
}

Answer get_container_metadata(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const container = cases::read_container(call.context, call.address(), *guard);
    if (!container) return container.error();
    auto response = state_response(200, *container);
    wire::add_metadata(response.headers, container->metadata);
    return response;
}

Answer set_container_metadata(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto metadata = wire::read_metadata(call.headers());
    if (!metadata) return metadata.error();
    auto const container =
        cases::set_container_metadata(call.context, call.address(), *guard, *std::move(metadata));
    if (!container) return container.error();
    return state_response(200, *container);
}

Answer get_container_acl(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const container = cases::read_container(call.context, call.address(), *guard);
    if (!container) return container.error();
    auto response = xml_response(wire::to_xml(container->policies));
    wire::add_state(response.headers, *container);
    if (container->public_access != store::PublicAccess::none) {
        response.headers.set(
            "x-ms-blob-public-access", std::string{wire::to_string(container->public_access)}
        );
    }
    return response;
}

Answer set_container_acl(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const access = wire::read_public_access(call.headers());
    if (!access) return access.error();
    auto policies = wire::parse_policies(call.request.body.bytes);
    if (!policies) return policies.error();
    auto const container =
        cases::set_container_acl(call.context, call.address(), *guard, {*access, *std::move(policies)});
    if (!container) return container.error();
    return state_response(200, *container);
}

}  // namespace bluebatch::emulator::blob::routes
