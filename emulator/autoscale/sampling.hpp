#pragma once

#include "emulator/autoscale/samples.hpp"
#include "shared/base/result.hpp"

#include <span>

namespace bluebatch::emulator::autoscale {

// Batch: AS-42
enum class SampleMethod : std::uint8_t {
    get_sample,
    get_sample_percent,
    get_sample_period,
    count,
    history_begin_time,
};
std::optional<SampleMethod> find_method(std::string_view name);

// Batch: AS-21
enum class TimestampPart : std::uint8_t { year, month, day, weekday, hour, minute, second };
std::optional<TimestampPart> find_part(std::string_view name);
double part_of(base::TimePoint time, TimestampPart part);

base::Result<Type> type_of(SampleMethod method, std::span<Type const> arguments);

// Samples that a formula demands are not there; the service has a code of its own for that. Batch: AS-45
struct SampleFailure {
    bool is_insufficient = false;
    std::string message;
};
[[noreturn]] void throw_exception_from_error(SampleFailure const& failure, boost::source_location const&);

struct SampleQuery {
    Variable variable;
    SampleMethod method;
    std::span<Value const> arguments;
};
base::Result<Value, SampleFailure> answer(
    SampleQuery const& query, Samples const& samples, base::TimePoint now
);

}  // namespace bluebatch::emulator::autoscale
