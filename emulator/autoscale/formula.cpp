#include "emulator/autoscale/formula.hpp"

#include "emulator/autoscale/choices.hpp"
#include "emulator/autoscale/lexer.hpp"
#include "emulator/autoscale/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::autoscale {

namespace {

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

}  // namespace

void throw_exception_from_error(FormulaFault const& fault, boost::source_location const&) {
    throw std::logic_error("unchecked formula fault: " + detail_of(fault));
}

std::string_view code_of(FormulaFault const& fault) {
    return fault.kind == FormulaFault::Kind::too_long ? "AutoScalingFormulaTooLong"
                                                      : "AutoScalingFormulaSyntaxError";
}

std::string_view message_of(FormulaFault const& fault) {
    return fault.kind == FormulaFault::Kind::too_long
               ? "The specified auto-scaling formula exceeds lengths limit."
               : "The specified auto-scaling formula has a syntax error.";
}

std::string detail_of(FormulaFault const& fault) {
    return locate(fault.place, fault.detail);
}

base::Result<Formula, FormulaFault> parse(std::string_view text) {
    // Bytes that continue characters are not counted, so they have a bound of their own.
    if (characters(text) > kLongestFormula || text.size() > 4 * kLongestFormula)
        return FormulaFault{
            FormulaFault::Kind::too_long,
            {},
            fmt::format("A formula has at most {} characters", kLongestFormula)};
    auto tokens = read_tokens(text);
    if (!tokens) return tokens.error();
    return Parser(std::move(*tokens)).formula();
}

}  // namespace bluebatch::emulator::autoscale
