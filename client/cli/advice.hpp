#pragma once

#include "client/api/error.hpp"
#include "client/cli/accounts.hpp"
#include "client/cli/exit_status.hpp"

#include <string>

namespace bluebatch::cli {

enum class ServiceKind : std::uint8_t { batch, blob };

// Why a command ends early: for the person and for the script.
struct Failure {
    ExitStatus status = ExitStatus::usage;
    std::string message;
};

[[noreturn]] void throw_exception_from_error(Failure const& failure, boost::source_location const&);

template <class T>
using Outcome = base::Result<T, Failure>;

ExitStatus exit_status_of(client::ApiError const& error);

// What went wrong and what to do next. `doing` completes "Failed to ...".
Failure explain(
    client::ApiError const& error, std::string_view doing, ServiceKind service, Accounts const& accounts
);

}  // namespace bluebatch::cli
