#pragma once

#include "client/api/error.hpp"
#include "client/cli/accounts.hpp"
#include "client/cli/exit_status.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bluebatch::cli {

enum class ServiceKind : std::uint8_t { batch, blob };

// Why a command ends early: for the person and for the script.
struct Failure {
    Failure() = default;
    // Not an aggregate, so that a status alone is no failure: an Outcome may hold one as its value.
    Failure(ExitStatus the_status, std::string the_message)
        : status(the_status), message(std::move(the_message)) {}

    ExitStatus status = ExitStatus::usage;
    std::string message;
};

[[noreturn]] void throw_exception_from_error(Failure const& failure, boost::source_location const&);

template <class T>
using Outcome = base::Result<T, Failure>;

ExitStatus exit_status_of(client::ApiError const& error);

// What to do about an error code of a service.
struct Advice {
    std::string_view code;
    std::string_view text;
};

// Those of the transcode command, whose advice names its flags.
std::span<Advice const> transcode_advice();

// What went wrong and what to do next. `doing` completes "Failed to ...".
Failure explain(
    client::ApiError const& error,
    std::string_view doing,
    ServiceKind service,
    Accounts const& accounts,
    std::span<Advice const> table = transcode_advice()
);

}  // namespace bluebatch::cli
