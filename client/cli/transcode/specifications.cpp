#include "client/cli/transcode/specifications.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

constexpr std::string_view kRunName = "bluebatch-run";

}  // namespace

client::PoolSpecification make_pool_specification(TranscodeOptions const& options, std::string const& run) {
    client::PoolSpecification pool;
    pool.id = options.pool_id;
    pool.vm_size = options.vm_size;
    pool.image_reference = {"canonical", "0001-com-ubuntu-server-jammy", "22_04-lts", "latest"};
    pool.node_agent_sku_id = "batch.node.ubuntu 22.04";
    bool const dedicated = options.node_kind == NodeKind::dedicated;
    (dedicated ? pool.target_dedicated_nodes : pool.target_low_priority_nodes) = options.nodes;
    pool.task_slots_per_node = options.slots;
    if (!options.start_task.empty()) {
        pool.start_task = client::StartTaskSpecification{
            .command_line = options.start_task,
            .elevation_level = client::ElevationLevel::admin,
            .wait_for_success = true,
            .max_task_retry_count = 1,
        };
    }
    pool.metadata = {{std::string(kRunName), run}};
    return pool;
}

client::JobSpecification make_job_specification(TranscodeOptions const& options, std::string const& run) {
    return {options.job_id, options.pool_id, {{std::string(kRunName), run}}};
}

client::TaskSpecification make_task_specification(
    Conversion const& conversion, std::string input_url, std::string output_container_url
) {
    client::TaskSpecification task;
    task.id = conversion.task_id;
    task.command_line = conversion.command_line;
    task.resource_files.push_back({std::move(input_url), conversion.staged_input});
    task.output_files.push_back(
        {conversion.staged_output, std::move(output_container_url), conversion.output_blob}
    );
    return task;
}

bool is_made_by(std::vector<client::MetadataItem> const& metadata, std::string_view run) {
    return std::any_of(metadata.begin(), metadata.end(), [run](client::MetadataItem const& item) {
        return item.name == kRunName && item.value == run;
    });
}

}  // namespace bluebatch::cli::transcode
