#include "emulator/blob/cases/containers.hpp"

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

// Finds, checks, changes and saves a container; a change of what clients set gives it a new entity tag.
StorageResult<store::Container> change_container(
    Context const& context,
    Address const& address,
    Guard const& guard,
    std::function<void(store::Container&)> const& change
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto container = get_container(transaction.connection(), address);
    if (!container) return container.error();
    if (auto const fault = find_fault(guard, *container, rules::LeaseNeed::if_given, now)) return *fault;
    change(*container);
    touch(*container, now);
    store::update_container(transaction, *container);
    transaction.commit();
    return container;
}

}  // namespace

StorageResult<store::Container> create_container(
    Context const& context, Address const& address, CreateContainer wanted
) {
    auto const now = context.clock.now();
    store::Container container;
    container.account = address.account;
    container.name = address.container;
    container.public_access = wanted.public_access;
    container.metadata = std::move(wanted.metadata);
    container.default_encryption_scope = std::move(wanted.default_encryption_scope);
    container.denies_scope_override = wanted.denies_scope_override;
    container.has_immutable_versions = context.policies.of(address.account).immutable_versions;
    touch(container, now);

    storage::Transaction transaction(context.storage.database());
    if (store::find_container(transaction.connection(), address.account, address.container)) {
        return StorageErrorCode::container_already_exists;
    }
    store::insert_container(transaction, container);
    transaction.commit();
    return container;
}

StorageResult<store::Container> read_container(
    Context const& context, Address const& address, Guard const& guard
) {
    storage::Snapshot snapshot(context.storage.database());
    auto container = get_container(snapshot.connection(), address);
    if (!container) return container.error();
    // Reads of containers know no conditions.
    Guard const lease_only{{}, guard.lease_id};
    auto const now = context.clock.now();
    auto const fault = find_fault(lease_only, *container, rules::LeaseNeed::if_given, now);
    if (fault) return *fault;
    return container;
}

StorageResult<void> delete_container(Context const& context, Address const& address, Guard const& guard) {
    auto const policy = context.policies.of(address.account);
    return context.storage.free_space([&]() -> StorageResult<void> {
        auto const now = context.clock.now();
        storage::Transaction transaction(context.storage.database());
        auto const container = get_container(transaction.connection(), address);
        if (!container) return container.error();
        auto const fault = find_fault(guard, *container, rules::LeaseNeed::required, now);
        if (fault) return *fault;
        if (container->has_immutable_versions &&
            store::holds_blobs(transaction.connection(), container->id)) {
            return azure::StorageError{StorageErrorCode::blob_immutable_due_to_policy}.with_message(
                "A container with version-level immutability can be deleted only when it is empty."
            );
        }
        if (policy.container_retention_days) {
            auto const purge = now + std::chrono::days{*policy.container_retention_days};
            // The text is opaque to clients.
            auto const version = base::to_etag(now).substr(2);
            store::set_container_aside(transaction, {*container, version, {now, purge}});
        } else {
            store::drop_container(transaction, container->id);
        }
        transaction.commit();
        context.storage.clean_soon();
        return {};
    });
}

StorageResult<store::Container> set_container_metadata(
    Context const& context, Address const& address, Guard const& guard, store::Metadata metadata
) {
    return change_container(context, address, guard, [&](store::Container& container) {
        container.metadata = std::move(metadata);
    });
}

StorageResult<store::Container> set_container_acl(
    Context const& context, Address const& address, Guard const& guard, ContainerAcl acl
) {
    return change_container(context, address, guard, [&](store::Container& container) {
        container.public_access = acl.public_access;
        container.policies = std::move(acl.policies);
    });
}

StorageResult<LeasedContainer> lease_container(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    rules::LeaseRequest const& request
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto container = get_container(transaction.connection(), address);
    if (!container) return container.error();
    auto const fault = find_fault({conditions, {}}, *container, rules::LeaseNeed::if_given, now);
    if (fault) return *fault;
    auto outcome = rules::apply(request, container->lease, now);
    if (!outcome) return outcome.error();
    container->lease = outcome->lease;
    store::update_container(transaction, *container);
    transaction.commit();
    return LeasedContainer{*std::move(container), *std::move(outcome)};
}

StorageResult<store::Container> restore_container(
    Context const& context,
    Address const& address,
    std::string_view deleted_name,
    std::string_view deleted_version
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const deleted =
        store::find_deleted_container(connection, address.account, deleted_name, deleted_version);
    if (!deleted || deleted->deletion.purge <= now) return StorageErrorCode::container_not_found;
    if (store::find_container(connection, address.account, address.container)) {
        return StorageErrorCode::container_already_exists;
    }
    store::restore_container(transaction, deleted->container.id, address.container);
    auto container = get_container(connection, address);
    transaction.commit();
    return container;
}

ContainerPage list_containers(
    Context const& context,
    std::string_view account,
    std::string_view prefix,
    std::string_view from,
    std::size_t limit,
    DeletedContainers deleted
) {
    storage::Snapshot snapshot(context.storage.database());
    auto& connection = snapshot.connection();
    ContainerPage page;
    // One more than asked for tells where the next page begins.
    for (auto& container : store::list_containers(connection, account, prefix, from, limit + 1)) {
        page.containers.push_back({std::move(container), std::nullopt});
    }
    if (deleted == DeletedContainers::included) {
        for (auto& gone : store::list_deleted_containers(connection, account, prefix, from, limit + 1)) {
            if (gone.deletion.purge <= context.clock.now()) continue;
            auto container = gone.container;
            page.containers.push_back({std::move(container), std::move(gone)});
        }
        std::ranges::stable_sort(page.containers, {}, [](ListedContainer const& listed) {
            return std::string_view{listed.container.name};
        });
    }
    if (page.containers.size() > limit) {
        // All of one name stand on one page, so that a name is enough to go on from.
        auto end = limit;
        while (end > 0 && page.containers[end - 1].container.name == page.containers[end].container.name)
            --end;
        if (end == 0) end = limit;
        page.next = page.containers[end].container.name;
        page.containers.resize(end);
    }
    return page;
}

}  // namespace bluebatch::emulator::blob::cases
