#pragma once

#include "emulator/blob/query/expression.hpp"

namespace bluebatch::emulator::blob::query {

// What an expression is evaluated on.
class Record {
public:
    Record() = default;
    virtual ~Record() = default;
    Record(Record const&) = delete;
    Record& operator=(Record const&) = delete;
    // The value of a field expression.
    virtual Evaluated<Value> field(Expression const& expression) const = 0;
};

class Evaluator {
public:
    // `now` is what UTCNOW tells.
    explicit Evaluator(base::TimePoint now) : now_(now) {}
    Evaluated<Value> evaluate(Expression const& expression, Record const& record) const;

private:
    using Values = std::vector<Value>;

    Evaluated<Value> combine(Expression const& expression, Record const& record) const;
    Evaluated<Value> coalesce(Expression const& expression, Record const& record) const;
    Evaluated<Value> apply(Expression const& expression, Values const& values) const;

    base::TimePoint now_;
};

// The pieces that functions are made of. A NULL argument has been dealt with before.
namespace functions {

// % stands for any text and _ for one character, unless the escape character precedes them.
bool is_like(std::string_view text, std::string_view pattern, std::optional<char> escape);
// In characters, not bytes; as is anything below.
std::int64_t length(std::string_view text);
std::string substring(std::string_view text, std::int64_t start, std::optional<std::int64_t> count);
std::string trim(std::string_view text, std::string_view characters, TrimSide side);
// ASCII, Latin, Greek and Cyrillic letters.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

Evaluated<Value> date_add(DatePart part, std::int64_t quantity, Timestamp const& time);
// Whole parts that lie between the two.
std::int64_t date_diff(DatePart part, Timestamp const& from, Timestamp const& to);
std::int64_t extract(DatePart part, Timestamp const& time);
// "MMMM d, y"; a letter that is none of the documented ones is no format.
Evaluated<Value> format(Timestamp const& time, std::string_view format);

}  // namespace functions

}  // namespace bluebatch::emulator::blob::query
