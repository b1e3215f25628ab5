#pragma once

#include "emulator/app/control_answer.hpp"
#include "emulator/batch/service.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <memory>
#include <string_view>

namespace bluebatch::emulator::app {

// Takes the machines of Spot nodes away, as the cloud does when it needs them:
//     POST /_bluebatch/preempt   {"pool": "p", "count": 2}
// or "nodes": [ids] in the place of "count"; "account" where there are several. Answers with the ids of the
// nodes. They come back after --spot-return-delay. Thread-safe.
class SpotControl {
public:
    static constexpr std::string_view kPath = "/_bluebatch/preempt";

    SpotControl(
        std::shared_ptr<batch::BatchAccounts const> accounts, base::Clock const& clock, base::Random& random
    )
        : accounts_(std::move(accounts)), clock_(clock), random_(random) {}

    ControlAnswer answer(http::Request const& request);

private:
    std::shared_ptr<batch::BatchAccounts const> accounts_;
    base::Clock const& clock_;
    base::Random& random_;
};

}  // namespace bluebatch::emulator::app
