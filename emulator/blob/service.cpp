#include "emulator/blob/service.hpp"

#include "emulator/blob/absent.hpp"
#include "emulator/blob/cors.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/structured.hpp"
#include "emulator/blob/versions.hpp"
#include "emulator/blob/website.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/secret_file.hpp"
#include "emulator/storage/full_disk.hpp"
#include "shared/azure/not_emulated.hpp"
#include "shared/base/log.hpp"
#include "shared/base/text.hpp"
#include "shared/http/local_names.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::blob {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::string_view kServer = "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0";

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kMaxPages = 4 * kMiB;
constexpr std::uint64_t kMaxDocument = 16 * kMiB;  // 50,000 block ids of 88 characters and their elements
constexpr std::uint64_t kMaxBatch = 4 * kMiB;
constexpr std::uint64_t kMaxIgnored = 64 << 10;
constexpr std::uint64_t kMemoryLimit = 64 << 10;

// What the machine refuses, said as the service would; anything else is a fault of the emulator.
StorageError explain(std::exception const& error, std::string_view operation) {
    base::log::error("{}: {}", operation, error.what());
    if (storage::is_full_disk(error)) return StorageErrorCode::insufficient_storage;
    if (auto const* const failure = dynamic_cast<std::system_error const*>(&error)) {
        auto const code = failure->code().value();
        if (code == EMFILE || code == ENFILE) return StorageErrorCode::server_busy;
    }
    return StorageErrorCode::internal_error;
}

http::Response error_response(
    http::RequestHead const& head, StorageError const& error, std::string const& id, base::TimePoint now
) {
    http::Response response;
    response.status = error.status();
    response.reason = azure::row_of(error.code).message;
    response.headers.set("x-ms-error-code", std::string{error.name()});
    if (error.code == StorageErrorCode::no_authentication_information ||
        error.code == StorageErrorCode::invalid_bearer_token) {
        response.headers.set(
            "WWW-Authenticate",
            "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize "
            "resource_id=https://storage.azure.com"
        );
    }
    if (error.code == StorageErrorCode::not_implemented)
        azure::name_not_emulated(response.headers, error.message.empty() ? error.name() : error.message);
    if (error.whole_size) {
        response.headers.set("Content-Range", "bytes */" + std::to_string(*error.whole_size));
    }
    for (auto const& [name, value] : error.details) {
        if (name == "CopySourceStatusCode") response.headers.set("x-ms-copy-source-status-code", value);
        if (name == "CopySourceErrorCode") response.headers.set("x-ms-copy-source-error-code", value);
    }
    constexpr int kNotModified = 304;
    if (head.verb == http::Verb::head || error.status() == kNotModified) return response;
    response.headers.set("Content-Type", "application/xml");
    response.text = azure::to_xml(error, id, base::to_iso8601(now, 7));
    return response;
}

}  // namespace

BlobService::BlobService(BlobServiceOptions options, base::Clock& clock, base::Random& random)
    : options_(std::move(options)),
      storage_(options_.location, options_.durability, clock),
      settings_(storage_.database()),
      policies_(storage_.database(), options_.default_policy),
      context_{storage_, clock, random, settings_, policies_},
      authenticator_(
          context_,
          {options_.date_tolerance,
           options_.token_validator,
           DelegationKeys{store::load_secret(options_.location / "secret", random)}}
      ),
      network_(options_.network ? options_.network : http::make_network_client({})),
      foreign_(*network_),
      copies_(context_, foreign_) {
    cases::fail_interrupted_copies(context_);
}

StorageResult<BlobService::Matched> BlobService::match(http::RequestHead const& head) const {
    auto const named = named_version(head);
    if (named && !is_version(*named)) return azure::invalid_header("x-ms-version", *named);
    if (auto const fault = find_absent_feature(head)) return *fault;
    auto target = parse_target(head, *options_.accounts);
    if (!target) return target.error();
    auto const route = routes::find_route(head, target->level);
    if (!route) return route.error();
    auto version = version_of(head, settings_, target->address.account);
    return Matched{*std::move(target), *route, std::move(version)};
}

StorageResult<http::BodyPlan> BlobService::plan(http::RequestHead const& head) const {
    auto const matched = match(head);
    if (!matched) return matched.error();
    auto const& [target, route, version] = *matched;
    auto const grant = authenticator_.admit(head, target, route->need);
    if (!grant) return grant.error();
    if (auto const fault = routes::find_header_permission_fault(*grant, head)) return *fault;
    if (auto const fault = routes::find_state_fault(*route, target.address)) return *fault;
    if (auto const fault = routes::find_structure_fault(head, *route)) return *fault;
    if (target.replica == Replica::secondary && head.verb != http::Verb::get &&
        head.verb != http::Verb::head) {
        return StorageErrorCode::write_operation_not_supported_on_secondary;
    }

    bool const needs_length = route->body != routes::BodyKind::none && route->body != routes::BodyKind::xml;
    if (needs_length && !head.content_length && !head.headers.has("Transfer-Encoding")) {
        return StorageErrorCode::missing_content_length_header;
    }
    bool const has_md5 = head.headers.has("Content-MD5") || head.headers.has("x-ms-blob-content-md5");
    http::BodyPlan plan;
    plan.memory_limit = kMemoryLimit;
    plan.spool_folder = storage_.spool_folder();
    plan.spare_files = storage_.spare_files();
    if (needs_length && routes::is_structured(head.headers)) {
        plan.filter = std::make_shared<azure::StructuredMessageDecoder>();
    }
    switch (route->body) {
        case routes::BodyKind::blob:
            plan.limit = limits_of(version).blob;
            plan.digest_md5 = true;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::block:
            plan.limit = limits_of(version).block;
            plan.digest_md5 = has_md5;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::append:
            plan.limit = limits_of(version).append_block;
            plan.digest_md5 = has_md5;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::page:
            plan.limit = kMaxPages;
            plan.digest_md5 = has_md5;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::xml:
            plan.limit = kMaxDocument;
            plan.memory_limit = kMaxDocument;
            plan.digest_md5 = has_md5;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::batch:
            plan.limit = kMaxBatch;
            plan.memory_limit = kMaxBatch;
            plan.digest_md5 = has_md5;
            plan.digest_crc64 = true;
            break;
        case routes::BodyKind::none:
            plan.limit = kMaxIgnored;
            break;
    }
    return plan;
}

std::variant<http::Response, http::BodyPlan> BlobService::admit(http::RequestHead const& head) {
    note_version(named_version(head).value_or(kOldestVersion));
    try {
        if (http::is_rebound(head)) return finish(head, StorageErrorCode::authorization_failure);
        if (auto const site = parse_website(head, *options_.accounts)) return answer_site(head, *site);
        if (head.verb == http::Verb::options) return preflight(head);
        auto plan = this->plan(head);
        if (plan) return *std::move(plan);
        return finish(head, plan.error());
    } catch (std::exception const& error) {
        return finish(head, explain(error, head.method));
    }
}

StorageResult<http::Response> BlobService::handle(http::Request& request) {
    auto const matched = match(request);
    if (!matched) return matched.error();
    auto const& [target, route, version] = *matched;
    if (route->body != routes::BodyKind::none) {
        if (auto const checked = routes::check_digests(request); !checked) return checked.error();
    }
    auto grant = authenticator_.grant_of(request, target);
    // Whoever writes with a signature writes in its scope, without a header that says so.
    if (auto const& scope = grant.signature.encryption_scope; !scope.empty()) {
        request.headers.set("x-ms-encryption-scope", scope);
    }
    routes::Call call{
        *this,
        context_,
        authenticator_,
        copies_,
        *options_.accounts,
        request,
        target,
        std::move(grant),
        version};
    try {
        return route->handler(call);
    } catch (std::exception const& error) {
        return explain(error, route->operation);
    }
}

http::Response BlobService::answer_site(http::RequestHead const& head, Website const& site) {
    auto const read = [&](std::string const& blob, http::Headers const& headers) {
        http::Request request;
        request.verb = head.verb;
        request.headers = headers;
        Target target;
        target.address = {site.account, "$web", blob};
        target.level = Level::blob;
        routes::Call call{
            *this,
            context_,
            authenticator_,
            copies_,
            *options_.accounts,
            request,
            target,
            {GrantKind::anonymous, {}, {}},
            std::string{kWebsiteVersion}};
        return routes::get_blob(call);
    };
    return answer_website(context_, head, site, read);
}

http::Response BlobService::answer(http::Request request) {
    auto answer = handle(request);
    return finish(request, std::move(answer));
}

http::Response BlobService::too_large(http::RequestHead const& head, std::uint64_t limit) {
    return finish(
        head, StorageError{StorageErrorCode::request_body_too_large, {{"MaxLimit", std::to_string(limit)}}}
    );
}

http::Response BlobService::refuse(http::RequestHead const& head, StorageError const& error) {
    return finish(head, error);
}

http::Response BlobService::failed(http::RequestHead const& head, std::exception const& error) {
    return finish(head, explain(error, head.method));
}

void BlobService::empty_account(std::string const& name) {
    storage_.free_space([&] {
        storage::Transaction transaction(storage_.database());
        store::drop_account(transaction, name);
        transaction.commit();
        return true;
    });
    storage_.clean_soon();
    policies_.forget(name);
    settings_.reload(name);
}

http::Response BlobService::preflight(http::RequestHead const& head) const {
    auto const target = parse_target(head, *options_.accounts);
    if (!target) return finish(head, target.error());
    return finish(head, answer_preflight(context_, head, *target));
}

http::Response BlobService::finish(http::RequestHead const& head, StorageResult<http::Response> answer)
    const {
    constexpr std::size_t kLongestClientId = 1024;
    auto const id = context_.random.guid();
    auto response =
        answer ? *std::move(answer) : error_response(head, answer.error(), id, context_.clock.now());
    response.headers.set("Server", std::string{kServer});
    response.headers.set("x-ms-request-id", id);
    auto const version = version_of_answer(head);
    response.headers.set("x-ms-version", is_version(version) ? version : std::string{kNewestKnownVersion});
    auto const client_id = head.headers.get("x-ms-client-request-id");
    if (!client_id.empty() && client_id.size() <= kLongestClientId) {
        response.headers.set("x-ms-client-request-id", std::string{client_id});
    }
    put_in_form_of(version, response.headers);
    add_cors_headers(context_, head, *options_.accounts, response.headers);
    return response;
}

std::string BlobService::version_of_answer(http::RequestHead const& head) const {
    // Which account it is matters only where the request says nothing and some account has a default.
    if (named_version(head) || !settings_.has_default_version()) return version_of(head, settings_, {});
    auto const target = parse_target(head, *options_.accounts);
    return version_of(head, settings_, target ? target->address.account : std::string{});
}

void BlobService::note_version(std::string_view version) {
    if (version <= kNewestKnownVersion || !is_version(version) || has_noted_version_.exchange(true)) return;
    base::log::warning(
        "A client speaks Blob version {}, newer than {}: answered as {}",
        version,
        kNewestKnownVersion,
        kNewestKnownVersion
    );
}

}  // namespace bluebatch::emulator::blob
