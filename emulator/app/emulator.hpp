#pragma once

#include "emulator/app/endpoints.hpp"
#include "emulator/app/options.hpp"

#include <memory>

namespace bluebatch::emulator::app {

// The whole emulator: opens the state, starts nodes and scheduler, listens. Its destructor ends all of that
// in order, within five seconds: no new requests, answers under way finished, tasks stopped, state on disk.
class Emulator {
public:
    // Returns once both services answer. Throws std::exception with a text for the user when something can't
    // be had.
    explicit Emulator(Options const& options);
    ~Emulator();

    Endpoints const& endpoints() const;

private:
    struct Parts;
    static std::unique_ptr<Parts> open(Options const& options);

    std::unique_ptr<Parts> parts_;
};

}  // namespace bluebatch::emulator::app
