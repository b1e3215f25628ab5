#include "emulator/scheduler/free_slots.hpp"

#include <algorithm>
#include <bit>

namespace bluebatch::emulator::scheduler {

// Nobody looks for a node without free slots, and in a busy pool that would be nearly all of them.
void FreeSlots::insert(NodeKey node, int free) {
    if (free < 1) return;
    auto const index = static_cast<std::size_t>(std::min(free, kMostSlots));
    if (by_free_.size() <= index) by_free_.resize(index + 1);
    by_free_[index].insert(node);
    has_nodes_[index / kBits] |= std::uint64_t{1} << (index % kBits);
}

void FreeSlots::erase(NodeKey node, int free) {
    auto const index = static_cast<std::size_t>(std::clamp(free, 0, kMostSlots));
    if (index == 0 || by_free_.size() <= index) return;
    by_free_[index].erase(node);
    if (by_free_[index].empty()) has_nodes_[index / kBits] &= ~(std::uint64_t{1} << (index % kBits));
}

int FreeSlots::most() const {
    for (std::size_t word = has_nodes_.size(); word-- > 0;) {
        if (has_nodes_[word] == 0) continue;
        return static_cast<int>(word) * kBits + kBits - 1 - std::countl_zero(has_nodes_[word]);
    }
    return 0;
}

std::set<NodeKey> const& FreeSlots::with(int free) const {
    static std::set<NodeKey> const none;
    auto const index = static_cast<std::size_t>(free);
    return index < by_free_.size() ? by_free_[index] : none;
}

std::optional<int> FreeSlots::next_count(int free) const {
    auto const first = static_cast<std::size_t>(free);
    for (std::size_t word = first / kBits; word < has_nodes_.size(); ++word) {
        std::uint64_t bits = has_nodes_[word];
        if (word == first / kBits) bits &= ~std::uint64_t{0} << (first % kBits);
        if (bits != 0) return static_cast<int>(word) * kBits + std::countr_zero(bits);
    }
    return std::nullopt;
}

std::optional<NodeKey> FreeSlots::find(int required, domain::NodeFillType fill) const {
    if (required < 1 || required > most()) return std::nullopt;
    auto const count = fill == domain::NodeFillType::spread ? std::optional{most()} : next_count(required);
    if (!count) return std::nullopt;
    return *by_free_[static_cast<std::size_t>(*count)].begin();
}

}  // namespace bluebatch::emulator::scheduler
