#include "emulator/batch/service/node_access.hpp"

#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/node_user_store.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::NodeState;
using wire::Json;
using wire::text_of;

constexpr std::size_t kLongestName = 64;

bool is_user_name(std::string_view name) {
    auto const is_plain = [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '/' && c != '\\';
    };
    return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, is_plain);
}

// What an update may set as well. Windows knows passwords only; on Linux a key does.
std::optional<BatchError> take_credentials(
    domain::NodeUser& user, Json const& body, Json const& pool_document, base::TimePoint now
) {
    user.has_password = !text_of(body, "password").empty();
    user.ssh_public_key = text_of(body, "sshPublicKey");
    user.expiry_time =
        base::parse_iso8601(text_of(body, "expiryTime")).value_or(now + domain::kNodeUserLifetime);
    if (!has_windows(pool_document)) return std::nullopt;
    if (!user.ssh_public_key.empty())
        return wire::invalid_property("sshPublicKey", "", "Keys are for nodes that run Linux");
    if (!user.has_password) return wire::missing_property("password");
    return std::nullopt;
}

// Finds the user of a node that lets users be changed.
Result<domain::NodeUser> get_user(
    storage::Connection& connection, NodeInPool const& found, std::string_view name
) {
    if (auto const fault = fault_of_state(found.node)) return *fault;
    auto user = storage::find_node_user(connection, found.pool.id, found.node.id, name);
    if (!user) return BatchError{BatchErrorCode::node_user_not_found, {}};
    return std::move(*user);
}

}  // namespace

Result<NodeInPool> get_node_in_pool(
    storage::Connection& connection, std::string_view pool_id, std::string_view node_id
) {
    auto pool = storage::find_pool(connection, pool_id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    auto node = storage::find_node(connection, pool_id, node_id);
    if (!node) return BatchError{BatchErrorCode::node_not_found, {}};
    auto document = Json::parse(pool->document);
    return NodeInPool{std::move(*pool), std::move(*node), std::move(document)};
}

bool is_of_cloud_service(Json const& pool_document) {
    return wire::find(pool_document, "cloudServiceConfiguration") != nullptr;
}

bool has_windows(Json const& pool_document) {
    if (is_of_cloud_service(pool_document)) return true;
    auto const* const machine = wire::find(pool_document, "virtualMachineConfiguration");
    if (machine == nullptr) return false;
    return base::to_lower(text_of(*machine, "nodeAgentSKUId")).find("windows") != std::string::npos;
}

std::optional<BatchError> fault_of_state(domain::Node const& node) {
    switch (node.state) {
        case NodeState::idle:
        case NodeState::running:
            return std::nullopt;
        case NodeState::creating:
            return BatchError{BatchErrorCode::node_being_created, {}};
        case NodeState::starting:
        case NodeState::waiting_for_start_task:
            return BatchError{BatchErrorCode::node_being_started, {}};
        case NodeState::rebooting:
            return BatchError{BatchErrorCode::node_being_rebooted, {}};
        case NodeState::reimaging:
            return BatchError{BatchErrorCode::node_being_reimaged, {}};
        case NodeState::unusable:
            return BatchError{BatchErrorCode::node_state_unusable, {}};
        default:
            return invalid_state(
                "The node must be idle or running, and it is " + std::string(domain::to_word(node.state))
            );
    }
}

Result<std::string> add_node_user(
    Context const& context, std::string_view pool_id, std::string_view node_id, Json const& body
) {
    domain::NodeUser user;
    user.name = text_of(body, "name");
    if (!is_user_name(user.name)) {
        return wire::invalid_property(
            "name", user.name.substr(0, kLongestName), "A name has 1 to 64 characters and no slashes"
        );
    }
    auto const* const is_admin = wire::find(body, "isAdmin");
    user.is_admin = is_admin != nullptr && is_admin->get<bool>();

    storage::Transaction transaction(context.database);
    auto const found = get_node_in_pool(transaction.connection(), pool_id, node_id);
    if (!found) return found.error();
    user.pool_id = found->pool.id;
    user.node_id = found->node.id;
    if (auto const fault = take_credentials(user, body, found->document, context.now)) return *fault;
    if (!user.has_password && user.ssh_public_key.empty()) return wire::missing_property("password");
    if (auto const fault = fault_of_state(found->node)) return *fault;
    if (storage::find_node_user(transaction.connection(), user.pool_id, user.node_id, user.name))
        return BatchError{BatchErrorCode::node_user_exists, {}};
    storage::put_node_user(transaction, user);
    transaction.commit();
    return user.name;
}

Result<void> replace_node_user(
    Context const& context,
    std::string_view pool_id,
    std::string_view node_id,
    std::string_view name,
    Json const& body
) {
    storage::Transaction transaction(context.database);
    auto const found = get_node_in_pool(transaction.connection(), pool_id, node_id);
    if (!found) return found.error();
    auto user = get_user(transaction.connection(), *found, name);
    if (!user) return user.error();
    if (auto const fault = take_credentials(*user, body, found->document, context.now)) return *fault;
    storage::put_node_user(transaction, *user);
    transaction.commit();
    return {};
}

Result<void> delete_node_user(
    Context const& context, std::string_view pool_id, std::string_view node_id, std::string_view name
) {
    storage::Transaction transaction(context.database);
    auto const found = get_node_in_pool(transaction.connection(), pool_id, node_id);
    if (!found) return found.error();
    auto const user = get_user(transaction.connection(), *found, name);
    if (!user) return user.error();
    storage::delete_node_user(transaction, *user);
    transaction.commit();
    return {};
}

}  // namespace bluebatch::emulator::batch::service
