#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/task_tokens.hpp"
#include "emulator/ffmpeg/transcoder.hpp"
#include "emulator/node/blob_access.hpp"
#include "emulator/node/packages.hpp"
#include "emulator/node/resource_files.hpp"
#include "shared/base/clock.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace bluebatch::emulator::node {

struct AgentOptions {
    std::filesystem::path location;  // absolute; trees of nodes go below it (domain/node_directories.hpp)
    std::string account_name;
    std::string account_url;  // as tasks are told: "http://127.0.0.1:10003"
    std::size_t max_parallel = 4;
    std::filesystem::path node_bin;           // the folder with our own ffmpeg and ffprobe; empty: none
    std::filesystem::path container_program;  // podman or docker; empty: none
    AutoStorage auto_storage;                 // may be empty
    IdentityAccess identities;                // may be empty
    PackageSource packages;                   // may be empty
    // Where the service finds the tokens of commands.
    std::shared_ptr<domain::TaskTokens> task_tokens = std::make_shared<domain::TaskTokens>();
    bool ends_orphans = true;
};

// All nodes of one Batch account: runs commands in directories on this machine. A node is a directory tree;
// the threads that do the work are shared by all.
class NodeAgent final : public domain::Nodes {
public:
    // Ends first what an earlier life of the emulator left running, if it is to. The references outlive the
    // agent; `reports` is called on its threads.
    NodeAgent(
        AgentOptions options,
        base::Clock& clock,
        BlobAccess& blobs,
        ffmpeg::Transcoder& transcoder,
        domain::ReportSink reports
    );
    // Stops everything that runs (reported as requeued) and waits for it: a second at most.
    ~NodeAgent() override;

    std::optional<domain::ResourceUse> take_use(std::string const& pool_id) override;
    void start(domain::RunCommand command) override;
    void stop(domain::RunId run, domain::StopReason reason) override;
    void remove_task_files(
        std::string const& pool_id,
        std::string const& node_id,
        std::string const& job_id,
        std::string const& task_id
    ) override;
    void remove_job_files(std::string const& pool_id, std::string const& job_id) override;
    void remove_node_files(std::string const& pool_id, std::string const& node_id) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bluebatch::emulator::node
