#pragma once

#include "client/api/batch_types.hpp"
#include "client/api/pipeline.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::client {

// How many nodes of each kind a pool is to have; nothing leaves that number as it is.
struct ResizeTargets {
    std::optional<int> dedicated;
    std::optional<int> low_priority;
};

// Whose files are meant: a task's (its job and its id) or a node's (its pool and its id).
enum class FileOwnerKind : std::uint8_t { task, node };
struct FileOwner {
    FileOwnerKind kind = FileOwnerKind::task;
    std::string parent;
    std::string id;
};

struct FileProperties {
    std::uint64_t size = 0;
    std::string last_modified;  // RFC 1123, as it came
    bool is_directory = false;
};

// The Batch data plane, as far as the client needs it. A cheap value: copies share the pipeline, which must
// outlive them. Thread-safe. Errors are the service's own; those that a method treats otherwise are named.
class BatchClient {
public:
    // The endpoint is "https://ACCOUNT.REGION.batch.azure.com", without a slash at its end.
    BatchClient(Pipeline const& pipeline, std::string endpoint, CallOptions options = {});

    BatchClient with(CallOptions options) const { return {*pipeline_, endpoint_, std::move(options)}; }
    std::string const& endpoint() const { return endpoint_; }

    // PoolExists and JobExists are errors, except when the answer to an earlier attempt was lost and what
    // exists carries the metadata of this very specification.
    ApiResult<void> create_pool(PoolSpecification const& pool) const;
    ApiResult<void> create_job(JobSpecification const& job) const;

    // Nothing when there is none.
    ApiResult<std::optional<Pool>> find_pool(std::string_view id) const;
    ApiResult<std::optional<Job>> find_job(std::string_view id) const;

    // Success also when it is gone or going already.
    ApiResult<void> delete_pool(std::string_view id) const;
    ApiResult<void> delete_job(std::string_view id) const;

    ApiResult<std::vector<Node>> list_nodes(std::string_view pool_id) const;

    // In collections of at most 100, smaller where the service finds one too large. Tasks that the service
    // had trouble with are tried again; those it refuses are returned. TaskExists counts as done.
    ApiResult<std::vector<RefusedTask>> add_tasks(
        std::string_view job_id, std::span<TaskSpecification const> tasks
    ) const;
    // Those that were completed at that time or later; all when there is none.
    ApiResult<std::vector<Task>> list_completed_tasks(
        std::string_view job_id, std::optional<base::TimePoint> since = {}
    ) const;
    ApiResult<TaskCounts> count_tasks(std::string_view job_id) const;

    // The end of a file of a task ("stderr.txt"), at most `bytes` of it.
    ApiResult<std::string> read_task_file_end(
        std::string_view job_id, std::string_view task_id, std::string_view path, std::uint64_t bytes
    ) const;

    // For whoever shows or forwards what the service says: its documents, with the service's own names.
    // Filters are OData and may be empty. What is not there is an error here.
    using Document = nlohmann::json;
    using Documents = std::vector<Document>;

    ApiResult<Documents> pool_documents(std::string_view filter = {}) const;
    ApiResult<Document> pool_document(std::string_view id) const;
    ApiResult<void> add_pool(Document const& pool) const;
    ApiResult<void> resize_pool(std::string_view id, ResizeTargets targets) const;
    ApiResult<void> stop_resize(std::string_view id) const;

    ApiResult<Documents> node_documents(std::string_view pool_id, std::string_view filter = {}) const;
    ApiResult<Document> node_document(std::string_view pool_id, std::string_view id) const;
    ApiResult<void> remove_nodes(std::string_view pool_id, std::span<std::string const> ids) const;
    ApiResult<void> reboot_node(std::string_view pool_id, std::string_view id) const;

    ApiResult<Documents> job_documents(std::string_view filter = {}) const;
    ApiResult<Document> job_document(std::string_view id) const;
    ApiResult<void> add_job(Document const& job) const;
    // Only the members that it has.
    ApiResult<void> change_job(std::string_view id, Document const& changes) const;
    ApiResult<void> terminate_job(std::string_view id) const;

    ApiResult<Documents> task_documents(std::string_view job_id, std::string_view filter = {}) const;
    // The first of them with what a list shows, at most 1,000: a job may have very many.
    ApiResult<Documents> first_task_documents(
        std::string_view job_id, std::string_view filter, std::size_t most
    ) const;
    ApiResult<Document> task_document(std::string_view job_id, std::string_view id) const;
    ApiResult<void> add_task(std::string_view job_id, Document const& task) const;
    ApiResult<void> delete_task(std::string_view job_id, std::string_view id) const;
    ApiResult<void> terminate_task(std::string_view job_id, std::string_view id) const;
    ApiResult<void> reactivate_task(std::string_view job_id, std::string_view id) const;

    ApiResult<Documents> file_documents(FileOwner const& owner) const;  // of all folders
    ApiResult<FileProperties> file_properties(FileOwner const& owner, std::string_view path) const;
    // Those bytes of a file, which must be there.
    ApiResult<std::string> read_file(
        FileOwner const& owner, std::string_view path, std::uint64_t offset, std::uint64_t length
    ) const;
    ApiResult<void> delete_file(FileOwner const& owner, std::string_view path) const;

private:
    struct CollectionOutcome;
    struct Mark;

    Call make_call(http::Verb verb, std::string_view path, std::string_view query = {}) const;
    ApiResult<Reply> send_json(http::Verb verb, std::string_view path, std::string body) const;
    ApiResult<nlohmann::json> get_json(std::string_view path, std::string_view query = {}) const;
    ApiResult<std::vector<nlohmann::json>> list(std::string_view path, std::string_view query) const;
    ApiResult<std::vector<nlohmann::json>> list_filtered(std::string_view path, std::string_view filter)
        const;
    // A request whose answer says nothing. A body makes it one of JSON.
    ApiResult<void> act(http::Verb verb, std::string_view path, std::string body = {}) const;
    // The same, which counts as done when it was done by an attempt whose answer was lost.
    ApiResult<void> remove(std::string_view path) const;
    ApiResult<void> add(std::string_view path, nlohmann::json const& document, Mark const& mark) const;
    // A pool or a job, which carries metadata.
    ApiResult<void> add_marked(std::string_view path, nlohmann::json document, std::string_view exists) const;
    ApiResult<CollectionOutcome> add_collection(
        std::string_view job_id, std::span<TaskSpecification const* const> tasks
    ) const;

    Pipeline const* pipeline_;
    std::string endpoint_;
    CallOptions options_;
};

}  // namespace bluebatch::client
