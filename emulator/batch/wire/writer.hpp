#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::batch::wire {

// An object of the newest shape as the asked-for version knows it: members in the service's order, renamed or
// left out.
Json write_object(Json newest, Object const& object, ApiVersion version);
// One member of such an object.
Json write_value(Json value, Field const& field, ApiVersion version);

// The members that $select names; empty: all of them. Batch: REST-28
class Selection {
public:
    Selection() = default;

    // InvalidQueryParameterValue for a name that the object does not have.
    static azure::BatchResult<Selection> parse(std::string_view text, Object const& object);

    bool all() const { return paths_.empty(); }
    // Whether the member, or something inside it, is selected.
    bool has(std::string_view member) const;
    // Whether some members are selected in part only.
    bool is_deep() const;
    Json apply(Json object) const;

private:
    std::vector<std::vector<std::string>> paths_;
};

}  // namespace bluebatch::emulator::batch::wire
