// Shared access signatures: read from any query, and those that we make are valid and bound to what they say.
#include "shared/azure/storage_sas.hpp"
#include "shared/base/digest.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

constexpr std::string_view kKey = "a2V5IG9mIHRoZSBmdXp6ZXI=";
constexpr std::string_view kOtherKey = "YW5vdGhlciBrZXk=";

std::optional<azure::SharedAccessSignature> read(std::string_view query) {
    http::RequestHead head;
    if (!http::parse_target("/?" + std::string(query), head)) return std::nullopt;
    return azure::read_shared_access_signature(head.query);
}

void check_made(azure::SharedAccessSignature const& from, std::string_view container, std::string_view blob) {
    azure::ServiceSasOptions options;
    options.account = "account";
    options.key_base64 = kKey;
    options.container = container;
    options.blob = blob;
    options.permissions = from.permissions;
    options.start = azure::parse_sas_time(from.start);
    options.expiry = azure::parse_sas_time(from.expiry);
    options.protocol = from.protocol;
    options.ip = from.ip;
    options.identifier = from.identifier;
    options.content_type = from.content_type;
    options.content_disposition = from.content_disposition;
    auto const query = azure::make_service_sas(options);
    auto const sas = read(query);
    check(sas.has_value(), "what we make is a signature", query);
    check(sas->permissions == from.permissions && sas->ip == from.ip, "and says what it should", query);
    azure::SasSubject const subject{"account", container, blob, ""};
    check(azure::is_signed_by(*sas, subject, kKey), "our signatures are valid", query);
    check(!azure::is_signed_by(*sas, subject, kOtherKey), "another key makes another signature", query);
    azure::SasSubject const elsewhere{"account", "elsewhere", blob, ""};
    check(!azure::is_signed_by(*sas, elsewhere, kKey) || container == "elsewhere", "bound", query);
    auto changed = *sas;
    changed.permissions += "d";
    check(!azure::is_signed_by(changed, subject, kKey), "permissions are signed", query);
}

void check_delegation(
    azure::SharedAccessSignature const& from, std::string_view container, std::string_view blob
) {
    azure::UserDelegationSasOptions options;
    options.account = "account";
    options.key = {
        from.key_object_id,
        from.key_tenant_id,
        from.key_start,
        from.key_expiry,
        from.key_service,
        from.key_version,
        from.key_delegated_tenant_id,
        std::string{kKey}};
    options.container = container;
    options.blob = blob;
    options.permissions = from.permissions;
    options.expiry = azure::parse_sas_time(from.expiry).value_or(base::TimePoint{});
    options.delegated_object_id = from.delegated_object_id;
    options.version = "2026-04-06";
    auto const sas = read(azure::make_user_delegation_sas(options));
    check(sas.has_value(), "what we make is a signature", container);
    if (from.key_object_id.empty()) return;
    check(sas->kind == azure::SasKind::user_delegation, "of a user delegation key", container);
    azure::SasSubject const subject{"account", container, blob};
    check(azure::is_signed_by(*sas, subject, kKey), "our signatures are valid", container);
    for (auto const field :
         {&azure::SharedAccessSignature::key_object_id,
          &azure::SharedAccessSignature::key_tenant_id,
          &azure::SharedAccessSignature::key_expiry,
          &azure::SharedAccessSignature::delegated_object_id,
          &azure::SharedAccessSignature::permissions}) {
        auto changed = *sas;
        changed.*field += "x";
        check(!azure::is_signed_by(changed, subject, kKey), "every field is signed", changed.*field);
    }
}

void check_request_parts(
    azure::SharedAccessSignature const& sas, std::vector<http::QueryParameter> const& query
) {
    auto const text = azure::canonical_request_parameters(sas.request_parameters, query);
    if (!text) return;
    auto const names = std::ranges::count(sas.request_parameters, ',') + 1;
    check(
        sas.request_parameters.empty() ? text->empty() : std::ranges::count(*text, '\n') >= names,
        "every parameter has its line",
        *text
    );
}

}  // namespace

// container, blob, then the query.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const container = take_line(input);
    auto const blob = take_line(input);
    azure::parse_sas_time(container);
    azure::is_address_allowed(container, blob);
    auto const sas = read(input);
    if (!sas) return 0;
    azure::SasSubject const subject{"account", container, blob, ""};
    check(!azure::is_signed_by(*sas, subject, kOtherKey), "nobody guesses a signature", input);
    check(!azure::is_signed_by(*sas, subject, "no base64"), "no key, no signature", input);
    if (auto const time = azure::parse_sas_time(sas->expiry))
        check(azure::parse_sas_time(base::to_iso8601(*time)) == time, "times of signatures", sas->expiry);
    if (azure::is_address_allowed(sas->ip, "10.0.0.1"))
        check(azure::is_address_allowed(sas->ip, "::ffff:10.0.0.1"), "mapped addresses", sas->ip);
    check_made(*sas, container, blob);
    check_delegation(*sas, container, blob);
    http::RequestHead head;
    if (http::parse_target("/?" + std::string(input), head)) check_request_parts(*sas, head.query);
    return 0;
}

}  // namespace bluebatch::fuzz
