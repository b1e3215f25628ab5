#include "client/cli/doctor/checks.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <sys/mman.h>

#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

namespace bluebatch::cli::doctor {
namespace {

constexpr std::string_view kBatch = "Batch";
constexpr std::string_view kStorage = "Storage";
constexpr std::string_view kContainerPrefix = "bluebatch-doctor-";
constexpr std::string_view kContent = "bluebatch doctor";
constexpr std::string_view kBlob = "probe.txt";
constexpr std::chrono::minutes kSignatureLifetime{10};

// What was made goes again, also for whoever has lost patience by then.
client::CallOptions clean_up_calls() {
    return {.stop = {}, .retry = {.attempts = 2, .patience = std::chrono::seconds(20)}};
}

Finding failed(
    Examination const& examination,
    ServiceKind kind,
    std::string_view check,
    std::string_view doing,
    client::ApiError const& error
) {
    auto failure = explain(error, doing, kind, examination.connection.accounts());
    auto const line = failure.message.find("\n  ");
    Finding finding{
        .service = kind == ServiceKind::batch ? kBatch : kStorage,
        .check = check,
        .verdict = Verdict::failure,
        .text = failure.message.substr(0, line),
        .status = failure.status};
    // The advice, and of a chain of credentials what each of them lacks.
    if (line != std::string::npos) finding.advice = failure.message.substr(line + 3);
    return finding;
}

std::int64_t count_nodes(nlohmann::json const& pool) {
    return pool.value("currentDedicatedNodes", 0) + pool.value("currentLowPriorityNodes", 0);
}

// A file that is in memory only.
std::shared_ptr<http::FileHandle const> make_file(std::string_view content) {
    int const descriptor = ::memfd_create("bluebatch", MFD_CLOEXEC);
    if (descriptor < 0) return nullptr;
    auto file = std::make_shared<http::FileHandle const>(descriptor);
    auto const written = ::write(descriptor, content.data(), content.size());
    return written == static_cast<ssize_t>(content.size()) ? file : nullptr;
}

// Puts a blob into a container and reads it as a node would, by a signature alone.
client::ApiResult<void> try_blob(Examination const& examination, std::string const& container) {
    auto const blob = examination.connection.blob(calls_of(examination));
    auto const file = make_file(kContent);
    if (!file) return client::make_local_error("There is no memory for a small file.");
    auto const put = blob.put_blob(container, kBlob, {file, 0, kContent.size()});
    if (!put) return put.error();
    auto const expiry = examination.world.clock.now() + kSignatureLifetime;
    auto const sas = examination.connection.sas().issue({container, std::string(kBlob), "r", expiry});
    if (!sas) return sas.error();
    http::OutgoingRequest request;
    request.url = fmt::format("{}?{}", blob.blob_url(container, kBlob), *sas);
    auto const answer = examination.network.probe(request, examination.world.stop);
    if (!answer) return client::make_protocol_error(answer.error().message);
    if (answer->response.status != 200) return client::read_service_error(answer->response);
    if (answer->response.body == kContent) return {};
    return client::make_protocol_error("The blob was read, but it has another content.");
}

void check_writing(Examination const& examination, Findings& findings) {
    if (!examination.may_write) {
        findings.push_back(
            {.service = kStorage,
             .check = "writing",
             .text = "not tried; --write makes and deletes a container"}
        );
        return;
    }
    auto const blob = examination.connection.blob(calls_of(examination));
    auto const container = fmt::format("{}{}", kContainerPrefix, examination.world.random.hex(12));
    auto const made = blob.add_container(container);
    if (!made) {
        findings.push_back(
            failed(examination, ServiceKind::blob, "writing", "create a container", made.error())
        );
        return;
    }
    auto const tried = try_blob(examination, container);
    if (tried) {
        findings.push_back(
            {.service = kStorage,
             .check = "writing",
             .text = "a container, a blob and a signature to read it"}
        );
    } else {
        findings.push_back(failed(
            examination,
            ServiceKind::blob,
            "writing",
            "write a blob and read it by a signature",
            tried.error()
        ));
    }
    auto const deleted = examination.connection.blob(clean_up_calls()).delete_container(container);
    if (!deleted) {
        auto finding = failed(
            examination, ServiceKind::blob, "clean-up", "delete container " + container, deleted.error()
        );
        findings.push_back(std::move(finding));
    }
}

}  // namespace

client::CallOptions calls_of(Examination const& examination) {
    return {
        .stop = examination.world.stop,
        .retry = {.attempts = 2, .patience = std::chrono::seconds(20)},
    };
}

bool check_credential(Examination const& examination, Patient const& patient, Findings& findings) {
    auto const& accounts = examination.connection.accounts();
    bool const is_batch = patient.kind == ServiceKind::batch;
    bool const has_own = is_batch ? !accounts.batch.key_base64.empty()
                                  : !accounts.storage.key_base64.empty() || !accounts.storage.sas.empty();
    auto const& source = is_batch ? accounts.batch_source : accounts.storage_source;
    if (has_own) {
        bool const is_sas = !is_batch && accounts.storage.key_base64.empty();
        findings.push_back(
            {.service = patient.name,
             .check = "credential",
             .text = fmt::format("{} from {}", is_sas ? "a signature (SAS)" : "a key", source)}
        );
        return true;
    }
    auto& tokens = *examination.connection.tokens();
    auto const& cloud = *accounts.cloud;
    auto const token = tokens.get(
        is_batch ? cloud.batch_resource : cloud.storage_resource,
        examination.world.clock.now(),
        examination.world.stop
    );
    if (!token) {
        findings.push_back(failed(examination, patient.kind, "credential", "get a token", token.error()));
        return false;
    }
    findings.push_back(
        {.service = patient.name,
         .check = "credential",
         .text = fmt::format("a token of Microsoft Entra ID by {}", tokens.name())}
    );
    return true;
}

void check_batch(Examination const& examination, Findings& findings) {
    auto const batch = examination.connection.batch(calls_of(examination));
    auto const pools = batch.pool_documents();
    if (!pools) {
        findings.push_back(failed(examination, ServiceKind::batch, "permission", "list pools", pools.error())
        );
        return;
    }
    findings.push_back({.service = kBatch, .check = "permission", .text = "may list pools"});
    auto const jobs = batch.job_documents("state eq 'active'");
    if (!jobs) {
        findings.push_back(failed(examination, ServiceKind::batch, "quota", "list jobs", jobs.error()));
        return;
    }
    BatchUse use{.pools = std::ssize(*pools), .active_jobs = std::ssize(*jobs)};
    for (auto const& pool : *pools)
        use.nodes += count_nodes(pool);
    check_quotas(examination, use, findings);
}

void check_storage(Examination const& examination, Findings& findings) {
    auto const blob = examination.connection.blob(calls_of(examination));
    auto const listed = blob.list_containers(kContainerPrefix);
    if (listed) {
        findings.push_back({.service = kStorage, .check = "permission", .text = "may list containers"});
    } else {
        auto finding =
            failed(examination, ServiceKind::blob, "permission", "list containers", listed.error());
        // A signature may well be for less.
        bool const is_for_less =
            !examination.connection.accounts().storage.sas.empty() && client::has_status(listed.error(), 403);
        if (is_for_less) finding.verdict = Verdict::warning;
        findings.push_back(std::move(finding));
        if (!is_for_less) return;
    }
    check_writing(examination, findings);
}

}  // namespace bluebatch::cli::doctor
