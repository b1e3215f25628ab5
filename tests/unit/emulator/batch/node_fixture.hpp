#pragma once

#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {

// A pool "pool" with one node "node".
class NodeFixture : public ServiceFixture {
protected:
    static inline std::string const kNode = "/pools/pool/nodes/node";

    void add_pool(Json body = a_pool("pool"), std::string const& query = {}) {
        auto const added = post("/pools" + query, body);
        ASSERT_EQ(added.status, 201) << added.text;
        storage::Transaction transaction(database);
        domain::Node node;
        node.pool_id = "pool";
        node.id = "node";
        node.state = domain::NodeState::idle;
        node.allocation_time = node.state_transition_time = clock.now();
        node.ip_address = "10.0.0.5";
        storage::insert_node(transaction, node);
        transaction.commit();
    }

    static Json a_windows_pool() {
        auto body = a_pool("pool");
        body["virtualMachineConfiguration"] = Json{
            {"imageReference",
             {{"publisher", "microsoftwindowsserver"},
              {"offer", "windowsserver"},
              {"sku", "2019-datacenter"}}},
            {"nodeAgentSKUId", "batch.node.windows amd64"}};
        return body;
    }

    static Json a_cloud_service_pool() {
        auto body = a_pool("pool");
        body.erase("virtualMachineConfiguration");
        body["cloudServiceConfiguration"] = Json{{"osFamily", "6"}};
        return body;
    }

    template <class Change>
    void change_node(Change change) {
        storage::Transaction transaction(database);
        auto node = storage::find_node(transaction.connection(), "pool", "node").value();
        change(node);
        storage::update_node(transaction, node);
        transaction.commit();
    }

    void move_node(domain::NodeState state) {
        change_node([&](domain::Node& node) { node.state = state; });
    }
};

}  // namespace bluebatch::emulator::batch
