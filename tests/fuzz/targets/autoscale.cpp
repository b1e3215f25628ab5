// Autoscale formulas: whatever is read can be evaluated, comes to an end and says what it came to.
#include "emulator/autoscale/evaluation.hpp"
#include "emulator/autoscale/sample_history.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

namespace autoscale = emulator::autoscale;

constexpr base::TimePoint kNow{base::Ticks{17'095'464'000'000'000}};

autoscale::SampleHistory an_hour() {
    constexpr int kSamples = 120;
    constexpr int kIdle = 20;
    constexpr auto kPeriod = std::chrono::seconds{30};
    autoscale::SampleHistory history;
    for (int i = kSamples; i > 0; --i) {
        autoscale::PoolSample sample;
        sample[autoscale::Variable::pending_tasks] = i / kIdle;
        sample[autoscale::Variable::active_tasks] = i;
        if (i % 2 == 0) sample[autoscale::Variable::cpu_percent] = 1.0 / i;
        history.record(kNow - i * kPeriod, sample);
    }
    return history;
}

void check_outcome(
    autoscale::Outcome const& outcome, autoscale::Decision const& initial, std::string_view input
) {
    // Numbers of at most 24 characters.
    constexpr std::size_t kLongestResults = 8 << 20;
    check(outcome.results.starts_with("$TargetDedicatedNodes="), "results begin with the targets", input);
    check(outcome.results.size() < kLongestResults, "results are bounded", input);
    check(outcome.decision.dedicated >= 0 && outcome.decision.low_priority >= 0, "targets are counts", input);
    if (!outcome.error) return;
    check(outcome.decision == initial, "an error leaves the pool alone", input);
    check(outcome.error->values.at(0).value.starts_with("Line "), "an error says where", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static auto const history = an_hour();
    auto const input = to_text(data, size);
    autoscale::Decision const initial{2, 3, autoscale::Deallocation::requeue};
    auto const formula = autoscale::parse(input);
    if (!formula) {
        check(
            formula.error().place.line > 0 && formula.error().place.column > 0, "a fault has a place", input
        );
        check_outcome(autoscale::refuse(formula.error(), initial), initial, input);
        return 0;
    }
    base::SeededRandom random(1);
    autoscale::Surroundings const surroundings{kNow, initial, {}, history, random};
    check_outcome(autoscale::evaluate(*formula, surroundings), initial, input);
    return 0;
}

}  // namespace bluebatch::fuzz
