#include "emulator/batch/service/certificates.hpp"

#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/wire/parts.hpp"
#include "emulator/batch/wire/schema/certificate.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::Json;
using wire::schema::kCertificate;

constexpr http::ApiVersions kVersions{"", "2024-07-01.20.0"};

// With capital letters, as recorded.
std::string url_of(Call const& call, domain::Certificate const& certificate) {
    return fmt::format(
        "{}/certificates(ThumbprintAlgorithm=sha1,Thumbprint={})", call.urls.base(), certificate.thumbprint
    );
}

Json delete_error(std::vector<std::string> const& pools) {
    Json error{{"code", "CertificateInUse"}, {"message", "The certificate is in use by pools"}};
    for (auto const& pool : pools)
        error["values"].push_back({{"name", "PoolId"}, {"value", pool}});
    return error;
}

Json write_certificate(Call const& call, service::CertificateInUse const& found) {
    auto const& certificate = found.certificate;
    Json json{
        {"thumbprint", certificate.thumbprint},
        {"thumbprintAlgorithm", "sha1"},
        {"url", url_of(call, certificate)},
        {"state", domain::to_word(certificate.state)},
        {"stateTransitionTime", base::to_iso8601(certificate.state_transition_time)},
        {"publicData", certificate.public_data}};
    wire::put_word(json, "previousState", certificate.previous_state);
    wire::put(json, "previousStateTransitionTime", certificate.previous_state_transition_time);
    if (certificate.state == domain::CertificateState::delete_failed)
        json["deleteCertificateError"] = delete_error(found.pools);
    return wire::write_object(std::move(json), kCertificate, call.version);
}

Result<http::Response> add_certificate(Call const& call) {
    auto const body = read_body(call, wire::schema::kNewCertificate, wire::kAdd);
    if (!body) return body.error();
    auto const certificate = service::add_certificate(call.context(), *body);
    if (!certificate) return certificate.error();
    auto response = empty_answer(201);
    auto const url = url_of(call, *certificate);
    response.headers.set("Location", url);
    response.headers.set("DataServiceId", url);
    return response;
}

Result<http::Response> list_certificates(Call const& call) {
    auto const selection = read_selection(call, kCertificate);
    if (!selection) return selection.error();
    auto const query = read_list_query(call, storage::ListKind::certificates);
    if (!query) return query.error();
    auto found = service::list_certificates(call.context(), *query);
    bool const more = cut_page(found, *query);
    auto values = Json::array();
    for (auto const& entry : found)
        values.push_back(selection->apply(write_certificate(call, entry)));
    auto const next = more ? std::optional{found.back().certificate.thumbprint} : std::nullopt;
    return list_answer(call, "certificates", std::move(values), next);
}

Result<http::Response> get_certificate(Call const& call) {
    auto const selection = read_selection(call, kCertificate);
    if (!selection) return selection.error();
    auto const found =
        service::get_certificate(call.context(), call.path["algorithm"], call.path["thumbprint"]);
    if (!found) return found.error();
    auto body = selection->apply(write_certificate(call, *found));
    return json_answer(200, with_metadata(call, "certificates/@Element", std::move(body)));
}

Result<http::Response> delete_certificate(Call const& call) {
    auto const deleted =
        service::delete_certificate(call.context(), call.path["algorithm"], call.path["thumbprint"]);
    if (!deleted) return deleted.error();
    return empty_answer(202);
}

Result<http::Response> cancel_deletion(Call const& call) {
    auto const cancelled =
        service::cancel_deletion(call.context(), call.path["algorithm"], call.path["thumbprint"]);
    if (!cancelled) return cancelled.error();
    auto response = empty_answer(204);
    response.headers.set("DataServiceId", call.url());
    return response;
}

// Paths of one certificate are those of plain_certificate_path().
// clang-format off
constexpr auto kCertificateRoutes = std::to_array<Route>({
    {Verb::get,    "/certificates",                                       "", "Certificate_List",           &list_certificates,  kVersions},
    {Verb::post,   "/certificates",                                       "", "Certificate_Add",            &add_certificate,    kVersions},
    {Verb::get,    "/certificates()/{algorithm}/{thumbprint}",              "", "Certificate_Get",            &get_certificate,    kVersions},
    {Verb::remove, "/certificates()/{algorithm}/{thumbprint}",              "", "Certificate_Delete",         &delete_certificate, kVersions},
    {Verb::post,   "/certificates()/{algorithm}/{thumbprint}/canceldelete", "", "Certificate_CancelDeletion", &cancel_deletion,    kVersions},
});
// clang-format on

}  // namespace

std::span<Route const> certificate_routes() {
    return kCertificateRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
