#pragma once

#include "client/api/batch_types.hpp"
#include "client/cli/options.hpp"
#include "client/cli/transcode/plan.hpp"

#include <string>
#include <string_view>

namespace bluebatch::cli::transcode {

// What is asked of Batch. `run` marks pool and job as made by this run.
client::PoolSpecification make_pool_specification(TranscodeOptions const& options, std::string const& run);
client::JobSpecification make_job_specification(TranscodeOptions const& options, std::string const& run);
// Both URLs carry their signature.
client::TaskSpecification make_task_specification(
    Conversion const& conversion, std::string input_url, std::string output_container_url
);

// Whether these are the metadata of something that `run` made.
bool is_made_by(std::vector<client::MetadataItem> const& metadata, std::string_view run);

}  // namespace bluebatch::cli::transcode
