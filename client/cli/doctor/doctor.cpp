#include "client/cli/doctor/doctor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace bluebatch::cli {
namespace doctor {
namespace {

std::string_view word_for(Verdict verdict) {
    constexpr std::array<std::string_view, 3> kWords{"ok", "warn", "FAIL"};
    return kWords[static_cast<std::size_t>(verdict)];
}

std::string_view name_of(Target target) {
    return target == Target::azure ? "azure" : "emulator";
}

// A check has one line, also where an error has several.
std::string one_line(std::string text) {
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
        auto const end = std::min(text.find_first_not_of("\n ", at), text.size());
        text.replace(at, end - at, " ");
    }
    return text;
}

Finding describe_program(Accounts const& accounts) {
    auto text = fmt::format("bluebatch {}, target {}", BLUEBATCH_VERSION, name_of(accounts.target));
    if (accounts.target == Target::azure) text += fmt::format(", cloud {}", accounts.cloud->name);
    return {.service = "", .check = "program", .text = std::move(text)};
}

Finding describe_account(Patient const& patient, Accounts const& accounts) {
    bool const is_batch = patient.kind == ServiceKind::batch;
    auto const& sources = is_batch ? accounts.batch_sources : accounts.storage_sources;
    return {
        .service = patient.name,
        .check = "account",
        .text = fmt::format(
            "{} ({}) at {} ({})",
            is_batch ? accounts.batch.name : accounts.storage.name,
            sources.name,
            patient.endpoint,
            sources.endpoint
        )};
}

}  // namespace

Findings examine(Examination const& examination) {
    auto const& accounts = examination.connection.accounts();
    Findings findings{describe_program(accounts)};
    std::array<Patient, 2> const patients{
        {{ServiceKind::batch, "Batch", accounts.batch.endpoint},
         {ServiceKind::blob, "Storage", accounts.storage.blob_endpoint}}};
    for (auto const& patient : patients) {
        findings.push_back(describe_account(patient, accounts));
        if (!check_network(examination, patient, findings)) continue;
        if (!check_credential(examination, patient, findings)) continue;
        if (patient.kind == ServiceKind::batch) {
            check_batch(examination, findings);
        } else {
            check_storage(examination, findings);
        }
    }
    return findings;
}

ExitStatus status_of(Findings const& findings) {
    auto const first = std::ranges::find(findings, Verdict::failure, &Finding::verdict);
    return first == findings.end() ? ExitStatus::success : first->status;
}

void tell(Findings const& findings, DoctorOptions const& options, Console& console) {
    if (options.form == OutputForm::json) {
        auto checks = nlohmann::json::array();
        for (auto const& finding : findings) {
            checks.push_back(
                {{"service", finding.service},
                 {"check", finding.check},
                 {"verdict", finding.verdict == Verdict::failure ? "fail" : word_for(finding.verdict)},
                 {"finding", one_line(finding.text)},
                 {"advice", one_line(finding.advice)}}
            );
        }
        console.json(nlohmann::json{
            {"version", BLUEBATCH_VERSION},
            {"target", name_of(options.connection.target)},
            {"checks", std::move(checks)},
            {"exitStatus", static_cast<int>(status_of(findings))}}
                         .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
        return;
    }
    for (auto const& finding : findings) {
        auto const subject = finding.service.empty() ? std::string(finding.check)
                                                     : fmt::format("{} {}", finding.service, finding.check);
        auto const text = finding.advice.empty() ? finding.text : finding.text + "\n" + finding.advice;
        console.line(fmt::format("{:<5} {:<20} {}", word_for(finding.verdict), subject, one_line(text)));
    }
}

}  // namespace doctor

ExitStatus run(DoctorOptions const& options, World const& world) {
    ConnectionRules const rules{.absent_emulator = AbsentEmulator::ignore, .tell = TellAccounts::no};
    auto const connection = Connection::open(options.connection, world, rules);
    doctor::Findings findings;
    if (connection) {
        auto const network = doctor::real_network(client_options(options.connection, world.environment));
        bool const is_emulated = options.connection.target == Target::emulator;
        findings = doctor::examine({world, **connection, network, is_emulated || options.write});
    } else {
        auto const& failure = connection.error();
        findings.push_back(
            {.service = "",
             .check = "accounts",
             .verdict = doctor::Verdict::failure,
             .text = failure.message,
             .status = failure.status}
        );
    }
    if (world.stop.stop_requested()) return ExitStatus::interrupted;
    doctor::tell(findings, options, world.console);
    return doctor::status_of(findings);
}

}  // namespace bluebatch::cli
