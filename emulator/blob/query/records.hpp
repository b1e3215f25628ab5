#pragma once

#include "emulator/blob/query/columns.hpp"
#include "emulator/blob/query/evaluator.hpp"
#include "emulator/blob/query/writer.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace bluebatch::emulator::blob::query {

// A record that also knows what SELECT * is.
class Selectable : public Record {
public:
    virtual Row all() const = 0;
};

class DelimitedRecord : public Selectable {
public:
    DelimitedRecord(std::vector<std::string> const& fields, Columns const& columns)
        : fields_(fields), columns_(columns) {}
    // Bound fields only. InvalidColumnOrdinal when the record is too short.
    Evaluated<Value> field(Expression const& expression) const override;
    Row all() const override;

private:
    std::vector<std::string> const& fields_;
    Columns const& columns_;
};

class JsonRecord : public Selectable {
public:
    // Whether a value that is no object is a column of its own: elements of arrays are.
    enum class Scalars : std::uint8_t { empty, column };

    JsonRecord(std::string_view text, Scalars scalars) : text_(text), scalars_(scalars) {}
    Evaluated<Value> field(Expression const& expression) const override;
    Row all() const override;

private:
    std::string_view text_;
    Scalars scalars_;
};

// The values that BlobStorage[*].a[*].b names in a record. Ends early when `visit` says false, and says so.
using VisitRecord = std::function<bool(std::string_view value)>;
bool for_each_in_table(std::string_view value, std::span<PathStep const> table, VisitRecord const& visit);

}  // namespace bluebatch::emulator::blob::query
