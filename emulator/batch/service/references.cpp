#include "emulator/batch/service/references.hpp"

#include "emulator/batch/wire/reader.hpp"
#include "emulator/storage/batch/application_store.hpp"
#include "emulator/storage/batch/certificate_store.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::service {
namespace {

using wire::Json;
using wire::text_of;

bool is_active(storage::Connection& connection, Json const& reference) {
    if (!base::equal_ignoring_case(text_of(reference, "thumbprintAlgorithm"), "sha1")) return false;
    auto const certificate = storage::find_certificate(connection, text_of(reference, "thumbprint"));
    return certificate && certificate->state == domain::CertificateState::active;
}

std::optional<BatchError> check_certificates(storage::Connection& connection, Json const& references) {
    BatchError error{BatchErrorCode::invalid_certificate_references, {}};
    for (auto const& reference : references) {
        if (is_active(connection, reference)) continue;
        auto key =
            fmt::format("{}-{}", text_of(reference, "thumbprintAlgorithm"), text_of(reference, "thumbprint"));
        error.values.push_back({std::move(key), "The specified certificate does not exist."});
    }
    return error.values.empty() ? std::optional<BatchError>{} : error;
}

std::optional<BatchError> check_packages(storage::Connection& connection, Json const& references) {
    if (references.size() > domain::kMostPackageReferences) {
        return wire::invalid_property(
            "applicationPackageReferences",
            std::to_string(references.size()),
            fmt::format("A pool may refer to {} packages at most", domain::kMostPackageReferences)
        );
    }
    BatchError error{BatchErrorCode::invalid_application_package_references, {}};
    for (auto const& reference : references) {
        auto const id = text_of(reference, "applicationId");
        if (storage::find_package(connection, id, text_of(reference, "version"))) continue;
        error.values.push_back({std::string(id), "The specified application package does not exist."});
    }
    return error.values.empty() ? std::optional<BatchError>{} : error;
}

}  // namespace

std::optional<BatchError> check_references(storage::Connection& connection, Json const& pool) {
    if (auto const* const certificates = wire::find(pool, "certificateReferences")) {
        if (auto fault = check_certificates(connection, *certificates)) return fault;
    }
    if (auto const* const packages = wire::find(pool, "applicationPackageReferences"))
        return check_packages(connection, *packages);
    return std::nullopt;
}

std::optional<BatchError> check_containers(Context const& context, Json const& pool) {
    auto const* const machine = wire::find(pool, "virtualMachineConfiguration");
    bool const wants_containers =
        machine != nullptr && wire::find(*machine, "containerConfiguration") != nullptr;
    if (context.runs_containers || !wants_containers) return std::nullopt;
    return wire::unsupported_property(
        "virtualMachineConfiguration.containerConfiguration",
        "The emulator runs containers by podman or docker, and found neither on its PATH"
    );
}

}  // namespace bluebatch::emulator::batch::service
