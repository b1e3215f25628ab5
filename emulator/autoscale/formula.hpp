#pragma once

#include "emulator/autoscale/syntax.hpp"
#include "shared/base/result.hpp"

namespace bluebatch::emulator::autoscale {

// Why a formula cannot be used. Batch: AS-3, AS-12
struct FormulaFault {
    enum class Kind { syntax, too_long };
    Kind kind = Kind::syntax;
    Place place;
    // What is wrong there.
    std::string detail;
};
[[noreturn]] void throw_exception_from_error(FormulaFault const& fault, boost::source_location const&);

// "AutoScalingFormulaSyntaxError", and the sentence that goes with it.
std::string_view code_of(FormulaFault const& fault);
std::string_view message_of(FormulaFault const& fault);
// "Line 2, Col 7: ..."
std::string detail_of(FormulaFault const& fault);

// Reads a formula and checks what can be known before its evaluation: names, numbers of arguments, types. A
// name is known from its first assignment on, for statements run in their order.
base::Result<Formula, FormulaFault> parse(std::string_view text);

}  // namespace bluebatch::emulator::autoscale
