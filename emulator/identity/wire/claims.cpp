#include "emulator/identity/wire/claims.hpp"

#include "emulator/identity/directory.hpp"
#include "shared/codec/json_web_token.hpp"

#include <nlohmann/json.hpp>

namespace bluebatch::emulator::identity::wire {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The machine that a managed identity is of.
constexpr std::string_view kMachine =
    "/subscriptions/b1ebac00-0000-4000-8000-00000000005b/resourcegroups/bluebatch/providers/"
    "Microsoft.Compute/"
    "virtualMachines/bluebatch";

std::string opaque(base::Random& random) {
    return codec::to_base64url(random.hex(24));
}

// How the program showed who it is: not at all, by a secret, by a certificate.
char const* class_of(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::user:
            return "0";
        case SubjectKind::application:
            return "1";
        case SubjectKind::managed_identity:
            break;
    }
    return "2";
}

}  // namespace

std::int64_t unix_seconds(base::TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string access_claims(
    Subject const& subject,
    std::string_view resource,
    std::string_view scope,
    IssuedToken const& token,
    base::Random& random
) {
    auto const issuer = "https://sts.windows.net/" + subject.tenant_id + "/";
    Json claims{
        {"aud", resource},
        {"iss", issuer},
        {"iat", unix_seconds(token.not_before)},
        {"nbf", unix_seconds(token.not_before)},
        {"exp", unix_seconds(token.expiry)},
        {"aio", opaque(random)},
        {"appid", subject.client_id},
        {"appidacr", class_of(subject.kind)},
        {"idp", issuer}};
    if (subject.kind == SubjectKind::user) {
        claims["idtyp"] = "user";
        claims["amr"] = Json::array({"pwd"});
        claims["name"] = "Developer";
        claims["unique_name"] = kUserName;
        claims["upn"] = kUserName;
        claims["scp"] = scope;
    } else {
        claims["idtyp"] = "app";
    }
    claims["oid"] = subject.object_id;
    claims["sub"] = subject.object_id;
    claims["tid"] = subject.tenant_id;
    claims["uti"] = opaque(random);
    claims["ver"] = "1.0";
    if (subject.kind == SubjectKind::managed_identity) claims["xms_mirid"] = kMachine;
    return dump(claims);
}

std::string id_claims(
    Subject const& subject, std::string_view nonce, Validity validity, base::Random& random
) {
    Json claims{
        {"aud", subject.client_id},
        {"iss", "https://login.microsoftonline.com/" + subject.tenant_id + "/v2.0"},
        {"iat", unix_seconds(validity.begin)},
        {"nbf", unix_seconds(validity.begin)},
        {"exp", unix_seconds(validity.end)},
        {"name", "Developer"},
        {"oid", subject.object_id},
        {"preferred_username", kUserName},
        {"sub", subject.object_id},
        {"tid", subject.tenant_id},
        {"uti", opaque(random)},
        {"ver", "2.0"}};
    if (!nonce.empty()) claims["nonce"] = nonce;
    return dump(claims);
}

std::string promise_claims(Promise const& promise, base::TimePoint expiry) {
    return dump(
        {{"purpose", promise.purpose},
         {"client", promise.client_id},
         {"tenant", promise.tenant_id},
         {"scope", promise.scope},
         {"exp", unix_seconds(expiry)}}
    );
}

std::optional<Promise> read_promise(std::string_view signed_text) {
    auto const claims = codec::parse_base64url(signed_text.substr(signed_text.find('.') + 1));
    if (!claims) return std::nullopt;
    auto const json = Json::parse(*claims, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Promise promise;
    auto const read = [&](char const* name, std::string& into) {
        auto const found = json.find(name);
        if (found == json.end() || !found->is_string()) return false;
        into = found->get<std::string>();
        return true;
    };
    bool const is_whole = read("purpose", promise.purpose) && read("client", promise.client_id) &&
                          read("tenant", promise.tenant_id) && read("scope", promise.scope);
    if (!is_whole) return std::nullopt;
    return promise;
}

}  // namespace bluebatch::emulator::identity::wire
