#pragma once

#include "emulator/domain/messages.hpp"

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <vector>

namespace bluebatch::emulator::scheduler {

// The runs of a job or node, earliest first. A job may have tens of thousands under way, of which any may be
// the next to end, so an end only marks its place; the places are swept once half of them are marked.
class RunList {
    struct Place {
        domain::RunId id = 0;
        bool is_over = false;
    };

public:
    // Later than all that have been added.
    void add(domain::RunId id) { places_.push_back({id, false}); }
    void remove(domain::RunId id) {
        auto const place = std::ranges::lower_bound(places_, id, {}, &Place::id);
        if (place == places_.end() || place->id != id || place->is_over) return;
        place->is_over = true;
        if (++over_ * 2 < places_.size()) return;
        std::erase_if(places_, [](Place const& each) { return each.is_over; });
        over_ = 0;
    }

    bool empty() const { return places_.empty(); }
    // Good until the next change.
    auto all() const {
        return places_ | std::views::filter([](Place const& each) { return !each.is_over; }) |
               std::views::transform(&Place::id);
    }

private:
    std::vector<Place> places_;
    std::size_t over_ = 0;
};

}  // namespace bluebatch::emulator::scheduler
