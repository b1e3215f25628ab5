#pragma once

#include "emulator/batch/wire/schema/common.hpp"

namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kCertificateStates =
    std::to_array<std::string_view>({"active", "deleting", "deletefailed"});
inline constexpr auto kCertificateFormats = std::to_array<std::string_view>({"pfx", "cer"});

// clang-format off
// Data and password are read and never kept.
inline constexpr auto kNewCertificateFields = std::to_array<Field>({
    text("thumbprint").needed(),
    text("thumbprintAlgorithm").needed(),
    text("data").needed(),
    word("certificateFormat", kCertificateFormats),
    text("password"),
});
inline constexpr Object kNewCertificate{"CertificateAddParameter", kNewCertificateFields};

inline constexpr auto kDeleteErrorFields = std::to_array<Field>({
    text("code"),
    text("message"),
    objects("values", kNameValue),
});
inline constexpr Object kDeleteError{"DeleteCertificateError", kDeleteErrorFields};

inline constexpr auto kCertificateFields = std::to_array<Field>({
    text("thumbprint"),
    text("thumbprintAlgorithm"),
    text("url"),
    word("state", kCertificateStates),
    time("stateTransitionTime"),
    word("previousState", kCertificateStates),
    time("previousStateTransitionTime"),
    text("publicData"),
    object("deleteCertificateError", kDeleteError),
});
inline constexpr Object kCertificate{"Certificate", kCertificateFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
