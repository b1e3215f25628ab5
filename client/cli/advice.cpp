#include "client/cli/advice.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace bluebatch::cli {
namespace {

using client::ApiError;
using client::Fault;

// clang-format off
constexpr std::array kAdvice{
    Advice{"AccountCoreQuotaReached",        "The account's core quota is used up: use fewer --nodes or a smaller --vm-size, or ask for more in the portal."},
    Advice{"AccountIsDisabled",              "The account is disabled; see its page in the portal."},
    Advice{"ActiveJobAndScheduleQuotaReached", "The account has as many active jobs as it may: delete finished ones."},
    Advice{"AuthorizationFailure",           "The account's firewall may refuse this machine; see Networking in the portal."},
    Advice{"AuthorizationPermissionMismatch", "The identity lacks a role: it needs Storage Blob Data Contributor on the storage account."},
    Advice{"ContainerBeingDeleted",          "A container of that name is being deleted; try again in half a minute, or give --container-prefix."},
    Advice{"InsufficientAccountPermissions", "The identity lacks a role: it needs Azure Batch Data Contributor (or Contributor) on the Batch account."},
    Advice{"InvalidPropertyValue",           "Check --vm-size, --slots, --pool-id and --job-id."},
    Advice{"JobBeingDeleted",                "A job of that name is being deleted; try again in a moment, or give --job-id."},
    Advice{"PoolBeingDeleted",               "A pool of that name is being deleted; try again in a few minutes, or give --pool-id."},
    Advice{"PoolQuotaReached",               "The account has as many pools as it may: delete one, or give the --pool-id of one that exists."},
};
// clang-format on

std::string clock_advice(std::string_view skew_seconds) {
    auto const seconds = base::parse_number<std::int64_t>(skew_seconds).value_or(0);
    return fmt::format(
        "This machine's clock is {} minutes {} the service's; correct it.",
        std::abs(seconds) / 60,
        seconds > 0 ? "ahead of" : "behind"
    );
}

std::string service_advice(
    ApiError const& error, ServiceKind service, Accounts const& accounts, std::span<Advice const> table
) {
    for (auto const& [name, value] : error.details) {
        if (name == "ClockSkewSeconds") return clock_advice(value);
        if (name == "PropertyName" && base::equal_ignoring_case(value, "taskSlotsPerNode")) {
            return "--slots may be four times the cores of a node of that --vm-size, and 256 at most.";
        }
    }
    for (auto const& [code, text] : table) {
        if (error.code == code) return std::string(text);
    }
    if (error.status == 401 || error.status == 403) {
        bool const batch = service == ServiceKind::batch;
        return fmt::format(
            "The credential comes from {} and the account is {}: do they belong together?",
            batch ? accounts.batch_source : accounts.storage_source,
            batch ? accounts.batch.name : accounts.storage.name
        );
    }
    if (error.status >= 500) return "The service has trouble; try again later.";
    return {};
}

std::string transport_advice(ApiError const& error, ServiceKind service, Accounts const& accounts) {
    auto const& endpoint =
        service == ServiceKind::batch ? accounts.batch.endpoint : accounts.storage.blob_endpoint;
    switch (error.transport) {
        case http::TransportFault::unresolved_host:
            return fmt::format("Check the spelling of {} and this machine's DNS.", endpoint);
        case http::TransportFault::refused:
            if (accounts.target == Target::emulator) {
                return fmt::format("Nothing listens at {}; is bluebatch-emulator running there?", endpoint);
            }
            return fmt::format("Nothing listens at {}; check the endpoint and the firewall.", endpoint);
        case http::TransportFault::tls:
            if (accounts.target == Target::emulator) {
                return "The emulator's certificate is not trusted. Name the authority behind it: --ca-file "
                       "\"$(bluebatch-emulator ca)\", or the emulator's own --cert.";
            }
            return "The server's certificate is not trusted. If a proxy of yours re-signs traffic, name its "
                   "certificate with --ca-file.";
        case http::TransportFault::timed_out:
        case http::TransportFault::interrupted:
            return "Check the network, and the HTTPS_PROXY variable if there is a proxy.";
        case http::TransportFault::bad_url:
            return fmt::format("Check the spelling of {}.", endpoint);
        case http::TransportFault::cancelled:
        case http::TransportFault::other:
            break;
    }
    return {};
}

// Somebody who has no account of Microsoft Entra ID in mind has forgotten a key.
std::string credentials_advice(ApiError const& error, ServiceKind service, Accounts const& accounts) {
    bool const is_automatic = accounts.identity && accounts.identity->way == SignIn::automatic;
    if (!is_automatic || !client::is_unavailable(error)) return {};
    if (service == ServiceKind::batch) return "Or set AZURE_BATCH_ACCESS_KEY to a key of the Batch account.";
    return "Or set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.";
}

std::string advice_for(
    ApiError const& error, ServiceKind service, Accounts const& accounts, std::span<Advice const> table
) {
    switch (error.fault) {
        case Fault::service:
            return service_advice(error, service, accounts, table);
        case Fault::transport:
            return transport_advice(error, service, accounts);
        case Fault::credentials:
            return credentials_advice(error, service, accounts);
        case Fault::protocol:
            return "Is the endpoint really that of the service?";
        case Fault::local:
        case Fault::cancelled:
            break;
    }
    return {};
}

}  // namespace

void throw_exception_from_error(Failure const& failure, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + failure.message);
}

ExitStatus exit_status_of(ApiError const& error) {
    switch (error.fault) {
        case Fault::service:
            // The content was damaged on its way, which is nobody's mistake.
            if (error.code == "Md5Mismatch") return ExitStatus::unreachable;
            return error.status >= 500 || error.status == 408 || error.status == 429 ? ExitStatus::unreachable
                                                                                     : ExitStatus::usage;
        case Fault::transport:
            return error.transport == http::TransportFault::bad_url ? ExitStatus::usage
                                                                    : ExitStatus::unreachable;
        case Fault::protocol:
            return ExitStatus::unreachable;
        case Fault::credentials:
        case Fault::local:
            return ExitStatus::usage;
        case Fault::cancelled:
            break;
    }
    return ExitStatus::interrupted;
}

std::span<Advice const> transcode_advice() {
    return kAdvice;
}

Failure explain(
    ApiError const& error,
    std::string_view doing,
    ServiceKind service,
    Accounts const& accounts,
    std::span<Advice const> table
) {
    auto message = fmt::format("Failed to {}: {}", doing, client::describe(error));
    if (auto const advice = advice_for(error, service, accounts, table); !advice.empty()) {
        message += fmt::format("\n  {}", advice);
    }
    return {exit_status_of(error), std::move(message)};
}

}  // namespace bluebatch::cli
