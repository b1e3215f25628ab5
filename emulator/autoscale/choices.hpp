#pragma once

#include "shared/base/time.hpp"

#include <cstddef>

// What the service documents as limits of a formula, what we bound besides, and what its documentation leaves
// open: each choice has its name and its rule here.
namespace bluebatch::emulator::autoscale {

// Batch: AS-12
inline constexpr std::size_t kLongestFormula = 8192;
inline constexpr std::size_t kMostStatements = 100;
// Of parentheses, arguments and branches; deeper ones would cost stack.
inline constexpr int kDeepestNesting = 100;
// Numbers within all vectors that one evaluation makes, which bounds its time and the length of its results.
inline constexpr std::size_t kMostNumbers = 250'000;

// One sample each 30 seconds (AS-41). That one is readable at once is a choice: AS-49.
inline constexpr base::Ticks kSamplePeriod = std::chrono::seconds{30};
// How far back samples are kept; not documented.
inline constexpr base::Ticks kHistoryWindow = std::chrono::hours{24};

// Batch: AS-21, Monday to Saturday are 1 to 6
inline constexpr double kSunday = 0;
// Batch: AS-22
inline constexpr base::Ticks kYear = std::chrono::hours{24 * 365};
// Batch: AS-31, one published formula writes $targetDedicatedNodes
inline constexpr bool kServiceVariablesIgnoreCase = true;
// Batch: AS-36
inline constexpr int kFewestNodes = 0;
// GetSample of an interval without a percentage fails when there is no sample at all, as if it had asked for
// this percentage. Batch: AS-46
inline constexpr double kPercentOfEmptyWindow = 100;

}  // namespace bluebatch::emulator::autoscale
