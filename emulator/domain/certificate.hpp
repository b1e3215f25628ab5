#pragma once

#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace bluebatch::emulator::domain {

enum class CertificateState : std::uint8_t { active, deleting, delete_failed };
template <>
inline constexpr auto kWords<CertificateState> =
    std::to_array<std::string_view>({"active", "deleting", "deletefailed"});

// How long a deletion is under way before it has succeeded or failed.
inline constexpr base::Ticks kCertificateDeletion = std::chrono::seconds{2};

// Only what is public of it is kept. Batch: CERT-2
struct Certificate {
    std::string thumbprint;  // SHA-1, the only algorithm there is
    CertificateState state = CertificateState::active;
    base::TimePoint state_transition_time;
    std::optional<CertificateState> previous_state;
    std::optional<base::TimePoint> previous_state_transition_time;
    std::string public_data;  // base64 of the DER form
};

inline void move_to(Certificate& certificate, CertificateState state, base::TimePoint now) {
    certificate.previous_state = certificate.state;
    certificate.previous_state_transition_time = certificate.state_transition_time;
    certificate.state = state;
    certificate.state_transition_time = now;
}

}  // namespace bluebatch::emulator::domain
