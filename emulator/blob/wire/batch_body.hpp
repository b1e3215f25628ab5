#pragma once

#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The body of Blob Batch: requests within a request, as multipart/mixed.
namespace bluebatch::emulator::blob::wire {

inline constexpr std::size_t kMostBatchParts = 256;

struct BatchPart {
    std::optional<std::string> content_id;  // as sent, for the answer to repeat
    http::RequestHead head;                 // the method, target and fields of the part, and nothing else
};

// What separates the parts, by a header "multipart/mixed; boundary=...". InvalidHeaderValue.
azure::StorageResult<std::string> parse_boundary(std::string_view content_type);

// InvalidInput for a body that is not 1 to 256 requests without bodies of their own.
azure::StorageResult<std::vector<BatchPart>> parse_batch(std::string_view body, std::string_view boundary);

struct BatchAnswer {
    std::optional<std::string> content_id;
    http::Response response;  // with text only
};
std::string batch_answer_body(std::vector<BatchAnswer> const& answers, std::string_view boundary);

}  // namespace bluebatch::emulator::blob::wire
