#pragma once

#include "client/api/batch_client.hpp"
#include "client/api/blob_client.hpp"
#include "client/cli/connection.hpp"
#include "client/cli/options.hpp"
#include "client/cli/pace.hpp"
#include "client/cli/transcode/plan.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace bluebatch::cli::transcode {

// Whether this run made something, and so has to remove it. `maybe`: it was asked for, the answer never came.
enum class Made : std::uint8_t { no, maybe, yes };

struct Ledger {
    Made input_container = Made::no;
    Made output_container = Made::no;
    Made pool = Made::no;
    Made job = Made::no;
    Made uploads = Made::no;  // any blob in the input container
    Made results = Made::no;  // any in the output container
};

// What the steps of one run share. Only one thread changes the ledger at a time.
struct RunContext {
    TranscodeOptions const& options;
    Plan const& plan;
    World const& world;
    Connection& connection;
    client::BatchClient batch;
    client::BlobClient blob;
    Pace pace;
    Ledger ledger = {};
};

// Where a service asks for less, a run waits as long as it would wait for its tasks.
inline std::chrono::milliseconds patience_of(TranscodeOptions const& options) {
    constexpr std::chrono::minutes kLeast{2};
    return std::max<std::chrono::milliseconds>(options.timeout, kLeast);
}

inline Made made_by(client::ApiError const& error) {
    return error.maybe_done || error.fault == client::Fault::cancelled ? Made::maybe : Made::no;
}

inline Failure explain_batch(
    RunContext const& context, client::ApiError const& error, std::string_view doing
) {
    return explain(error, doing, ServiceKind::batch, context.connection.accounts());
}
inline Failure explain_blob(
    RunContext const& context, client::ApiError const& error, std::string_view doing
) {
    return explain(error, doing, ServiceKind::blob, context.connection.accounts());
}

}  // namespace bluebatch::cli::transcode
