#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/schema/node.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::schema::kNode;

// Writes nodes of one pool, whose document is read once.
class NodeWriter {
public:
    NodeWriter(Call const& call, wire::Selection const& selection, domain::Pool const& pool)
        : call_(call),
          selection_(selection),
          vm_size_(pool.vm_size),
          document_(wire::Json::parse(pool.document)) {}

    wire::Json write(domain::Node const& node) const {
        auto json = wire::to_json(node, vm_size_, document_, call_.urls);
        return selection_.apply(wire::write_object(std::move(json), kNode, call_.version));
    }

private:
    Call const& call_;
    wire::Selection const& selection_;
    std::string vm_size_;
    wire::Json document_;
};

Result<http::Response> list_nodes(Call const& call) {
    auto const selection = read_selection(call, kNode);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::nodes);
    if (!query) return query.error();
    storage::Snapshot snapshot(*call.account.database);
    auto const pool = storage::find_pool(snapshot.connection(), call.path["poolId"]);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    auto nodes = storage::list_nodes(snapshot.connection(), pool->id, *query);
    bool const more = cut_page(nodes, *query);
    NodeWriter const writer(call, *selection, *pool);
    auto values = wire::Json::array();
    for (auto const& node : nodes)
        values.push_back(writer.write(node));
    auto const next = more ? std::optional{nodes.back().id} : std::nullopt;
    return list_answer(call, "nodes", std::move(values), next);
}

Result<http::Response> get_node(Call const& call) {
    auto const selection = read_selection(call, kNode);
    if (!selection) return selection.error();
    storage::Snapshot snapshot(*call.account.database);
    auto const pool = storage::find_pool(snapshot.connection(), call.path["poolId"]);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    auto const node = storage::find_node(snapshot.connection(), pool->id, call.path["nodeId"]);
    if (!node) return BatchError{BatchErrorCode::node_not_found, {}};
    auto body = NodeWriter(call, *selection, *pool).write(*node);
    return json_answer(200, with_metadata(call, "nodes/@Element", std::move(body)));
}

// clang-format off
constexpr auto kNodeRoutes = std::to_array<Route>({
    {Verb::get, "/pools/{poolId}/nodes",          "", "ComputeNode_List", &list_nodes},
    {Verb::get, "/pools/{poolId}/nodes/{nodeId}", "", "ComputeNode_Get",  &get_node},
});
// clang-format on

}  // namespace

std::span<Route const> node_routes() {
    return kNodeRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
