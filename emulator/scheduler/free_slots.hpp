#pragma once

#include "emulator/domain/pool.hpp"
#include "emulator/scheduler/keys.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace bluebatch::emulator::scheduler {

// The nodes of one pool that take new tasks, grouped by how many slots are free on each, so that finding one
// costs the same for ten nodes and for ten thousand.
class FreeSlots {
public:
    void insert(NodeKey node, int free);
    void erase(NodeKey node, int free);

    // The most slots that are free on one node; 0 when there is none.
    int most() const;
    // The nodes with that many free slots.
    std::set<NodeKey> const& with(int free) const;
    // Spread takes the node with most free slots, pack the fullest one that has room. Batch: SLOT-4
    std::optional<NodeKey> find(int required, domain::NodeFillType fill) const;
    // The same among the nodes that pass; takes time by how many do not.
    template <class Serves>
    std::optional<NodeKey> find_if(int required, domain::NodeFillType fill, Serves serves) const {
        int const most_slots = most();
        for (int i = std::max(required, 1); i <= most_slots; ++i) {
            int const free =
                fill == domain::NodeFillType::spread ? most_slots + std::max(required, 1) - i : i;
            auto const& nodes = by_free_[static_cast<std::size_t>(free)];
            auto const found = std::find_if(nodes.begin(), nodes.end(), serves);
            if (found != nodes.end()) return *found;
        }
        return std::nullopt;
    }

private:
    static constexpr int kMostSlots = 256;  // Batch: SLOT-1
    static constexpr int kBits = 64;

    // The smallest count of free slots from `free` on that some node has.
    std::optional<int> next_count(int free) const;

    std::vector<std::set<NodeKey>> by_free_;                         // index: free slots
    std::array<std::uint64_t, kMostSlots / kBits + 1> has_nodes_{};  // one bit per index of by_free_
};

}  // namespace bluebatch::emulator::scheduler
