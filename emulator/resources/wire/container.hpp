#pragma once

#include "emulator/resources/wire/answers.hpp"
#include "shared/http/client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Containers of blobs as Microsoft.Storage writes them, from what the Blob service answers.
namespace bluebatch::emulator::resources::wire {

// `id` is that of the account.
std::string container_id(std::string_view account_id, std::string_view name);
// What was just made.
Json new_container(std::string_view account_id, std::string_view name);
// From the headers of Get Container Properties.
Json container_from(std::string_view account_id, std::string_view name, http::Headers const& headers);

struct ContainerPage {
    Json values = Json::array();
    std::string marker;  // of the next page; empty: there is none
};
// From the XML of List Containers.
std::optional<ContainerPage> read_containers(std::string_view account_id, std::string_view xml);

// What a body wants of a container, as headers of Blob.
struct ContainerChange {
    std::optional<std::string> public_access;  // "", "blob", "container"
    std::optional<http::Headers> metadata;
};
Result<ContainerChange> read_container(Json const& body);
// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_container(Json const& body);

// What Blob refused.
Refusal blob_refusal(http::IncomingResponse const& response);

}  // namespace bluebatch::emulator::resources::wire
