#pragma once

#include "emulator/autoscale/formula.hpp"

namespace bluebatch::emulator::autoscale {

FormulaFault syntax_fault(Place place, std::string detail);

// Ends with a token of kind `end`. The tokens refer to the text. Batch: AS-13 to AS-15
base::Result<std::vector<Token>, FormulaFault> read_tokens(std::string_view text);

}  // namespace bluebatch::emulator::autoscale
