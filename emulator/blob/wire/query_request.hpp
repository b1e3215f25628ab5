#pragma once

#include "emulator/blob/query/engine.hpp"
#include "shared/azure/storage_error.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::wire {

struct QueryRequest {
    std::string expression;
    query::InputFormat input;
    query::OutputFormat output;
};

// The body of Query Blob Contents. InvalidXmlDocument and its kin; NotImplemented for Parquet and Arrow.
azure::StorageResult<QueryRequest> parse_query_request(std::string_view document);

}  // namespace bluebatch::emulator::blob::wire
