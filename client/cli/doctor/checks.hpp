#pragma once

#include "client/cli/connection.hpp"
#include "client/cli/options.hpp"
#include "shared/http/probe.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli::doctor {

enum class Verdict : std::uint8_t { ok, warning, failure };

// What came of one check.
struct Finding {
    std::string_view service;  // "Batch", "Storage"; empty: of the program itself
    std::string_view check;    // "DNS"
    Verdict verdict = Verdict::ok;
    std::string text;
    std::string advice = {};
    ExitStatus status = ExitStatus::success;  // where it is a failure
};
using Findings = std::vector<Finding>;

// How the network is looked at; tests stand in for it.
struct Network {
    std::function<base::Result<http::ProbeAnswer, http::TransportError>(
        http::OutgoingRequest const& request, std::stop_token stop
    )>
        probe;
    // Addresses of a host; empty where it has none.
    std::function<std::vector<std::string>(std::string const& host)> resolve;
};
Network real_network(http::ClientOptions options);

// What all checks share.
struct Examination {
    World const& world;
    Connection& connection;
    Network const& network;
    bool may_write = false;
};

// Whoever asks how things are wants to know soon.
client::CallOptions calls_of(Examination const& examination);

struct Patient {
    ServiceKind kind;
    std::string_view name;
    std::string endpoint;
};

// Names, connection, certificate, clock. Whether it is worth going on.
bool check_network(Examination const& examination, Patient const& patient, Findings& findings);
// What signs requests, and for tokens whether one can be had.
bool check_credential(Examination const& examination, Patient const& patient, Findings& findings);
// What there is of each thing that has a quota.
struct BatchUse {
    std::int64_t pools = 0;
    std::int64_t nodes = 0;
    std::int64_t active_jobs = 0;
};
// Whether there is room for more.
void check_quotas(Examination const& examination, BatchUse const& use, Findings& findings);
// What may be done, by doing it.
void check_batch(Examination const& examination, Findings& findings);
void check_storage(Examination const& examination, Findings& findings);

}  // namespace bluebatch::cli::doctor
