#include "client/api/account_sas.hpp"

#include "client/api/credential.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace bluebatch::client {
namespace {

using SasFields = std::map<std::string, std::string, std::less<>>;

SasFields read_fields(std::string_view sas) {
    SasFields fields;
    for (auto const part : base::split(sas, '&')) {
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        fields.emplace(part.substr(0, equals), http::percent_decode(part.substr(equals + 1)));
    }
    return fields;
}

bool holds(SasFields const& fields, std::string_view name, char letter) {
    auto const found = fields.find(name);
    return found != fields.end() && found->second.find(letter) != std::string::npos;
}

// The fields of a signature of the whole account: which services, and which kinds of things in them.
std::string account_fault(SasFields const& fields) {
    if (!fields.contains("srt")) return {};
    if (!holds(fields, "ss", 'b')) return "is not for blobs (ss)";
    if (!holds(fields, "srt", 'o')) return "is not for blobs themselves, objects (srt=o)";
    return {};
}

std::string fault_of(SasFields const& fields, SasRequest const& request) {
    if (auto fault = account_fault(fields); !fault.empty()) return fault;
    if (auto const kind = fields.find("sr");
        kind != fields.end() && kind->second == "b" && request.blob.empty())
        return "is for one blob only (sr=b)";
    if (fields.contains("sip")) return "is for some addresses only (sip), and nodes have others";
    bool const has_policy = fields.contains("si");
    for (char const letter : request.permissions) {
        if (!has_policy && !holds(fields, "sp", letter))
            return fmt::format("does not allow '{}' (sp)", letter);
    }
    auto const end = fields.find("se");
    if (end == fields.end()) return has_policy ? std::string{} : "does not say when it expires (se)";
    auto const expiry = base::parse_iso8601(end->second);
    // A form that we can't read is left to the service.
    if (expiry && *expiry < request.expiry) {
        return fmt::format(
            "expires at {}, and is needed until {}", end->second, base::to_iso8601(request.expiry, 0)
        );
    }
    return {};
}

}  // namespace

ApiResult<void> check_sas(std::string_view sas, SasRequest const& request) {
    auto const fault = fault_of(read_fields(sas), request);
    if (fault.empty()) return {};
    auto const what = request.blob.empty() ? fmt::format("container {}", request.container)
                                           : fmt::format("{}/{}", request.container, request.blob);
    return make_credentials_error(fmt::format(
        "A signature for {} with permission '{}' is needed, and the one that was given {}. Give one that "
        "suffices, the account's key, or no key at all for Microsoft Entra ID.",
        what,
        request.permissions,
        fault
    ));
}

}  // namespace bluebatch::client
