#include "shared/azure/storage_sas.hpp"

#include "shared/azure/sas_text.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::azure {
namespace {

using sas_text::Lines;

struct FieldName {
    std::string_view name;
    std::string SharedAccessSignature::*field;
};

constexpr std::array kFields{
    FieldName{"sv", &SharedAccessSignature::version},
    FieldName{"ss", &SharedAccessSignature::services},
    FieldName{"srt", &SharedAccessSignature::resource_types},
    FieldName{"st", &SharedAccessSignature::start},
    FieldName{"se", &SharedAccessSignature::expiry},
    FieldName{"sr", &SharedAccessSignature::resource},
    FieldName{"sp", &SharedAccessSignature::permissions},
    FieldName{"sip", &SharedAccessSignature::ip},
    FieldName{"spr", &SharedAccessSignature::protocol},
    FieldName{"si", &SharedAccessSignature::identifier},
    FieldName{"ses", &SharedAccessSignature::encryption_scope},
    FieldName{"skoid", &SharedAccessSignature::key_object_id},
    FieldName{"sktid", &SharedAccessSignature::key_tenant_id},
    FieldName{"skt", &SharedAccessSignature::key_start},
    FieldName{"ske", &SharedAccessSignature::key_expiry},
    FieldName{"sks", &SharedAccessSignature::key_service},
    FieldName{"skv", &SharedAccessSignature::key_version},
    FieldName{"skdutid", &SharedAccessSignature::key_delegated_tenant_id},
    FieldName{"saoid", &SharedAccessSignature::authorized_object_id},
    FieldName{"suoid", &SharedAccessSignature::unauthorized_object_id},
    FieldName{"scid", &SharedAccessSignature::correlation_id},
    FieldName{"sduoid", &SharedAccessSignature::delegated_object_id},
    FieldName{"sdd", &SharedAccessSignature::directory_depth},
    FieldName{"srh", &SharedAccessSignature::request_headers},
    FieldName{"srq", &SharedAccessSignature::request_parameters},
    FieldName{"rscc", &SharedAccessSignature::cache_control},
    FieldName{"rscd", &SharedAccessSignature::content_disposition},
    FieldName{"rsce", &SharedAccessSignature::content_encoding},
    FieldName{"rscl", &SharedAccessSignature::content_language},
    FieldName{"rsct", &SharedAccessSignature::content_type},
    FieldName{"sig", &SharedAccessSignature::signature},
};

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
    auto const parts = base::split(text, '.');
    if (parts.size() != 4) return std::nullopt;
    std::uint32_t address = 0;
    for (auto const part : parts) {
        auto const octet = base::parse_number<std::uint8_t>(part);
        if (!octet) return std::nullopt;
        address = (address << 8) | *octet;
    }
    return address;
}

std::string resource_of(ServiceSasOptions const& options) {
    if (!options.snapshot.empty()) return "bs";
    if (!options.version_id.empty()) return "bv";
    return options.blob.empty() ? "c" : "b";
}

}  // namespace

namespace sas_text {

std::string canonical_name(SharedAccessSignature const& sas, SasSubject const& subject) {
    std::string name = sas.version >= kWithServicePrefix ? "/blob/" : "/";
    name.append(subject.account).append("/").append(subject.container);
    if (sas.resource != "c") name.append("/").append(subject.blob);
    return name;
}

void add_response_headers(Lines& lines, SharedAccessSignature const& sas) {
    lines.add(sas.cache_control);
    lines.add(sas.content_disposition);
    lines.add(sas.content_encoding);
    lines.add(sas.content_language);
    lines.add(sas.content_type);
}

std::string to_query(SharedAccessSignature const& sas) {
    std::string text;
    for (auto const& [name, field] : kFields) {
        auto const& value = sas.*field;
        if (value.empty()) continue;
        if (!text.empty()) text += '&';
        text.append(name).append("=").append(http::percent_encode(value));
    }
    return text;
}

std::string sas_time(std::optional<base::TimePoint> time) {
    return time ? base::to_iso8601(*time, 0) : std::string{};
}

}  // namespace sas_text

std::string make_service_sas(ServiceSasOptions const& options) {
    SharedAccessSignature sas;
    sas.version = options.version;
    sas.resource = resource_of(options);
    sas.permissions = options.permissions;
    sas.start = sas_text::sas_time(options.start);
    sas.expiry = sas_text::sas_time(options.expiry);
    sas.ip = options.ip;
    sas.protocol = options.protocol;
    sas.identifier = options.identifier;
    sas.encryption_scope = options.encryption_scope;
    sas.cache_control = options.cache_control;
    sas.content_disposition = options.content_disposition;
    sas.content_encoding = options.content_encoding;
    sas.content_language = options.content_language;
    sas.content_type = options.content_type;
    auto const& moment = options.snapshot.empty() ? options.version_id : options.snapshot;
    SasSubject const subject{options.account, options.container, options.blob, moment};
    auto const text = service_sas_string_to_sign(sas, subject);
    auto const signature = sign_storage_text(options.key_base64, text);
    if (!signature) return {};
    sas.signature = *signature;
    return sas_text::to_query(sas);
}

std::string make_account_sas(AccountSasOptions const& options) {
    SharedAccessSignature sas;
    sas.kind = SasKind::account;
    sas.version = options.version;
    sas.services = options.services;
    sas.resource_types = options.resource_types;
    sas.permissions = options.permissions;
    sas.start = sas_text::sas_time(options.start);
    sas.expiry = sas_text::sas_time(options.expiry);
    sas.ip = options.ip;
    sas.protocol = options.protocol;
    sas.encryption_scope = options.encryption_scope;
    auto const text = account_sas_string_to_sign(sas, options.account);
    auto const signature = sign_storage_text(options.key_base64, text);
    if (!signature) return {};
    sas.signature = *signature;
    return sas_text::to_query(sas);
}

std::optional<SharedAccessSignature> read_shared_access_signature(
    std::vector<http::QueryParameter> const& query
) {
    SharedAccessSignature sas;
    bool has_signature = false;
    bool has_services = false;
    bool has_delegation_key = false;
    for (auto const& parameter : query) {
        for (auto const& [name, field] : kFields) {
            if (parameter.name == name) sas.*field = parameter.value;
        }
        has_signature = has_signature || parameter.name == "sig";
        has_services = has_services || parameter.name == "ss" || parameter.name == "srt";
        has_delegation_key = has_delegation_key || parameter.name == "skoid";
    }
    if (!has_signature) return std::nullopt;
    if (has_services) sas.kind = SasKind::account;
    if (has_services || sas.version < sas_text::kWithResponseHeaders) {
        // An account SAS and the old ones do not sign these, so they can't set them.
        for (auto* const header :
             {&sas.cache_control,
              &sas.content_disposition,
              &sas.content_encoding,
              &sas.content_language,
              &sas.content_type}) {
            header->clear();
        }
    }
    if (!has_services && has_delegation_key) {
        sas.kind = SasKind::user_delegation;
    }
    return sas;
}

std::string service_sas_string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject) {
    Lines lines;
    lines.add(sas.permissions);
    lines.add(sas.start);
    lines.add(sas.expiry);
    lines.add(sas_text::canonical_name(sas, subject));
    lines.add(sas.identifier);
    if (sas.version >= sas_text::kWithAddressAndProtocol) {
        lines.add(sas.ip);
        lines.add(sas.protocol);
    }
    lines.add(sas.version);
    if (sas.version >= sas_text::kWithResource) {
        lines.add(sas.resource);
        lines.add(subject.snapshot);
    }
    if (sas.version >= sas_text::kWithEncryptionScope) lines.add(sas.encryption_scope);
    if (sas.version >= sas_text::kWithResponseHeaders) sas_text::add_response_headers(lines, sas);
    return std::move(lines).take();
}

std::string account_sas_string_to_sign(SharedAccessSignature const& sas, std::string_view account) {
    Lines lines;
    lines.add(account);
    lines.add(sas.permissions);
    lines.add(sas.services);
    lines.add(sas.resource_types);
    lines.add(sas.start);
    lines.add(sas.expiry);
    lines.add(sas.ip);
    lines.add(sas.protocol);
    lines.add(sas.version);
    if (sas.version >= sas_text::kWithEncryptionScope) lines.add(sas.encryption_scope);
    lines.add("");
    return std::move(lines).take();
}

std::string string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject) {
    switch (sas.kind) {
        case SasKind::account:
            return account_sas_string_to_sign(sas, subject.account);
        case SasKind::user_delegation:
            return user_delegation_sas_string_to_sign(sas, subject);
        case SasKind::service:
            break;
    }
    return service_sas_string_to_sign(sas, subject);
}

bool is_signed_by(SharedAccessSignature const& sas, SasSubject const& subject, std::string_view key_base64) {
    auto const expected = sign_storage_text(key_base64, string_to_sign(sas, subject));
    return expected && base::equal_in_constant_time(*expected, sas.signature);
}

std::optional<base::TimePoint> parse_sas_time(std::string_view text) {
    if (auto const time = base::parse_iso8601(text)) return time;
    std::string_view const body = text.ends_with('Z') ? text.substr(0, text.size() - 1) : text;
    constexpr std::size_t kMinutesLength = 16;  // 2020-03-21T01:56
    if (body.size() == kMinutesLength) return base::parse_iso8601(std::string{body} + ":00Z");
    return base::parse_iso8601(std::string{body} + "Z");
}

bool is_address_allowed(std::string_view range, std::string_view address) {
    constexpr std::string_view kMappedPrefix = "::ffff:";
    if (base::starts_with_ignoring_case(address, kMappedPrefix)) address.remove_prefix(kMappedPrefix.size());
    auto const dash = range.find('-');
    auto const first = parse_ipv4(range.substr(0, dash));
    auto const last = dash == std::string_view::npos ? first : parse_ipv4(range.substr(dash + 1));
    auto const asked = parse_ipv4(address);
    return first && last && asked && *first <= *asked && *asked <= *last;
}

}  // namespace bluebatch::azure
