#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/urls.hpp"
#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

namespace bluebatch::emulator::batch {

// {"code", "message", "values"}: a failure as answers and entries of collections carry it. Batch: REST-14
wire::Json error_json(azure::BatchError const& error, std::string_view request_id, base::TimePoint now);

// The answer to a request that failed. Answers to HEAD, and 304, have no body. Batch: REST-16
http::Response error_answer(
    azure::BatchError const& error,
    http::Verb verb,
    wire::Urls const& urls,
    std::string_view request_id,
    base::TimePoint now
);

}  // namespace bluebatch::emulator::batch
