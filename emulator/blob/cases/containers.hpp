#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "shared/azure/storage_error.hpp"

#include <optional>
#include <string>
#include <vector>

// The use cases of containers. Those that look one up answer ContainerNotFound; those with a guard answer the
// codes of its conditions and its lease.
namespace bluebatch::emulator::blob::cases {

struct CreateContainer {
    store::Metadata metadata;
    store::PublicAccess public_access = store::PublicAccess::none;
    std::string default_encryption_scope{};
    bool denies_scope_override = false;
};

// ContainerAlreadyExists.
azure::StorageResult<store::Container> create_container(
    Context const& context, Address const& address, CreateContainer wanted
);
azure::StorageResult<store::Container> read_container(
    Context const& context, Address const& address, Guard const& guard
);
// Nothing of it is visible afterwards, and a container of the same name may be created at once.
azure::StorageResult<void> delete_container(
    Context const& context, Address const& address, Guard const& guard
);
azure::StorageResult<store::Container> set_container_metadata(
    Context const& context, Address const& address, Guard const& guard, store::Metadata metadata
);

struct ContainerAcl {
    store::PublicAccess public_access = store::PublicAccess::none;
    std::vector<store::AccessPolicy> policies;
};
azure::StorageResult<store::Container> set_container_acl(
    Context const& context, Address const& address, Guard const& guard, ContainerAcl acl
);

struct LeasedContainer {
    store::Container container;
    rules::LeaseOutcome outcome;
};
azure::StorageResult<LeasedContainer> lease_container(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    rules::LeaseRequest const& request
);

// What is softly deleted comes back under `name`, which is the address's container. ContainerNotFound,
// ContainerAlreadyExists.
azure::StorageResult<store::Container> restore_container(
    Context const& context,
    Address const& address,
    std::string_view deleted_name,
    std::string_view deleted_version
);

struct ListedContainer {
    store::Container container;
    std::optional<store::DeletedContainer> deleted;  // what it was, when it can only be restored
};
struct ContainerPage {
    std::vector<ListedContainer> containers;
    std::optional<std::string> next;
};
enum class DeletedContainers : std::uint8_t { left_out, included };
ContainerPage list_containers(
    Context const& context,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit,
    DeletedContainers deleted
);

}  // namespace bluebatch::emulator::blob::cases
