#include "client/cli/commands/blob_sas.hpp"

#include "client/cli/commands/blob_paths.hpp"
#include "client/cli/durations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bluebatch::cli {
namespace {

constexpr std::string_view kPermissions = "racwdxyltfmeopi";

}  // namespace

std::optional<std::string> order_permissions(std::string_view letters) {
    if (letters.empty() || letters.find_first_not_of(kPermissions) != std::string_view::npos)
        return std::nullopt;
    std::string ordered;
    for (char const letter : kPermissions) {
        if (letters.find(letter) != std::string_view::npos) ordered += letter;
    }
    return ordered;
}

std::optional<base::TimePoint> parse_expiry(std::string_view text, base::TimePoint now) {
    if (auto const duration = parse_duration(text)) return now + *duration;
    return base::parse_iso8601(text);
}

Outcome<ExitStatus> sign_blob(CommandContext const& context) {
    auto const& values = context.values;
    auto const& storage = context.connection.accounts().storage;
    if (storage.key_base64.empty() && !storage.sas.empty()) {
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "A signature can't sign another, and {} has no more.\n  Give the account's key, or "
                "credentials "
                "of Microsoft Entra ID.",
                context.connection.accounts().storage_source
            )};
    }
    auto const permissions = order_permissions(values.text("--permissions"));
    if (!permissions) {
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "--permissions {}: give letters of {}, as in r (read), rl (read and list) or rcw (read, "
                "create, write).",
                values.text("--permissions"),
                kPermissions
            )};
    }
    auto const expiry = parse_expiry(values.text("--expiry"), context.world.clock.now());
    if (!expiry) {
        return Failure{
            ExitStatus::usage,
            fmt::format(
                "--expiry {}: give a time such as 90m or 2030-01-31T12:00Z.", values.text("--expiry")
            )};
    }
    auto const address = parse_address(values.text("BLOB"));
    auto const sas = context.connection.sas().issue({address.container, address.path, *permissions, *expiry});
    if (!sas) return context.blob_failure(sas.error(), fmt::format("sign {}", to_string(address)));
    auto const url = address.path.empty() ? context.blob.container_url(address.container)
                                          : context.blob.blob_url(address.container, address.path);
    context.tell(
        fmt::format("{}?{}", url, *sas),
        {{"url", fmt::format("{}?{}", url, *sas)},
         {"sas", *sas},
         {"permissions", *permissions},
         {"expiry", base::to_iso8601(*expiry, 0)}}
    );
    return ExitStatus::success;
}

}  // namespace bluebatch::cli
