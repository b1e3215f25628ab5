#pragma once

#include "emulator/blob/query/expression.hpp"

namespace bluebatch::emulator::blob::query {

// What has been seen so far of the values that an aggregate is made of.
class Aggregation {
public:
    explicit Aggregation(Aggregate aggregate) : aggregate_(aggregate) {}
    // Empty: it was taken in. A value that can't be taken leaves everything as it was.
    std::optional<RecordFault> add(Value const& value);
    // NULL where no value has been seen; 0 for counts.
    Value result() const;

private:
    std::optional<RecordFault> add_number(Value const& value);
    std::optional<RecordFault> add_extreme(Value const& value);

    Aggregate aggregate_;
    std::int64_t count_ = 0;
    Value value_ = Null{};  // the sum, or the extreme
};

}  // namespace bluebatch::emulator::blob::query
