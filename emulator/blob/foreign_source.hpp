#pragma once

#include "emulator/blob/cases/copying.hpp"
#include "emulator/blob/rules/range.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/client.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace bluebatch::emulator::blob {

// A source of a copy that is not ours: what anybody may read at that URL, or who has that authority. Nothing
// else of the request that asked for the copy goes there.
struct ForeignSource {
    std::string url;
    std::string authorization{};  // of x-ms-copy-source-authorization; empty: none
    http::Headers conditions{};   // If-Match and so on
};

struct ForeignState {
    cases::ForeignBlob blob;
    std::string etag;
};

struct ForeignBody {
    ForeignState state;
    http::Body body;
};

// Whether to go on after so many bytes.
using Progress = std::function<bool(std::uint64_t)>;

// Reads foreign sources over HTTP and HTTPS; redirections are not followed. Waits: see
// http::WaitingElsewhere. Faults are CannotVerifyCopySource with the status of the source, and
// SourceConditionNotMet. Thread-safe.
class ForeignReader {
public:
    explicit ForeignReader(http::Client& client) : client_(client) {}

    azure::StorageResult<ForeignState> look(ForeignSource const& source, std::stop_token stop) const;
    // `range`: a Range header; empty: everything. More than the plan's limit is a fault.
    azure::StorageResult<ForeignBody> read(
        ForeignSource const& source,
        std::string const& range,
        http::BodyPlan const& plan,
        Progress const& progress,
        std::stop_token stop
    ) const;

private:
    http::Client& client_;
};

}  // namespace bluebatch::emulator::blob
