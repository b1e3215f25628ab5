#include "shared/azure/batch_error.hpp"

#include <array>
#include <stdexcept>

namespace bluebatch::azure {
namespace {

struct Row {
    BatchErrorCode code;
    int status;
    std::string_view name;
    std::string_view message;
};

using Code = BatchErrorCode;

// Batch: REST-39. Messages are those that recordings and logs of the service show, where there are any.
// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {Code::account_is_disabled, 403, "AccountIsDisabled", "The specified account is disabled."},
    {Code::active_job_and_schedule_quota_reached, 409, "ActiveJobAndScheduleQuotaReached", "Active job and job schedule quota for the account has been reached."},
    {Code::application_not_found, 404, "ApplicationNotFound", "The specified application does not exist."},
    {Code::authentication_failed, 403, "AuthenticationFailed", "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature."},
    {Code::auto_scaling_formula_syntax_error, 400, "AutoScalingFormulaSyntaxError", "The specified autoscaling formula has a syntax error."},
    {Code::auto_scaling_formula_too_long, 400, "AutoScalingFormulaTooLong", "The specified autoscaling formula is too long."},
    {Code::certificate_being_deleted, 409, "CertificateBeingDeleted", "The specified certificate has been marked for deletion and is being deleted."},
    {Code::certificate_exists, 409, "CertificateExists", "The specified certificate already exists."},
    {Code::certificate_not_found, 404, "CertificateNotFound", "The specified certificate does not exist."},
    {Code::certificate_state_active, 409, "CertificateStateActive", "The specified certificate is already in an active state."},
    {Code::condition_not_met, 412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    {Code::file_not_found, 404, "FileNotFound", "The specified file does not exist."},
    {Code::forbidden, 403, "Forbidden", "Access is Forbidden"},
    {Code::internal_error, 500, "InternalError", "Server encountered an internal error. Please try again after some time."},
    {Code::invalid_application_package_references, 409, "InvalidApplicationPackageReferences", "One or more of the specified application package references are invalid."},
    {Code::invalid_authentication_info, 400, "InvalidAuthenticationInfo", "The authentication information is not provided in the correct format. Verify the value of Authorization header."},
    {Code::invalid_certificate_references, 409, "InvalidCertificateReferences", "One or more of the specified certificate references are invalid."},
    {Code::invalid_header_value, 400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format."},
    {Code::invalid_input, 400, "InvalidInput", "One of the request inputs is not valid."},
    {Code::invalid_property_value, 400, "InvalidPropertyValue", "The value provided for one of the properties in the request body is invalid."},
    {Code::invalid_query_parameter_value, 400, "InvalidQueryParameterValue", "Value for one of the query parameters specified in the request URI is invalid."},
    {Code::invalid_range, 416, "InvalidRange", "The range specified is invalid for the current size of the resource."},
    {Code::invalid_request_body, 400, "InvalidRequestBody", "The specified Request Body is not syntactically valid."},
    {Code::invalid_uri, 400, "InvalidUri", "The requested URI does not represent any resource on the server."},
    {Code::job_being_deleted, 409, "JobBeingDeleted", "The specified job has been marked for deletion and is being garbage collected."},
    {Code::job_being_terminated, 409, "JobBeingTerminated", "The specified job is being terminated."},
    {Code::job_completed, 409, "JobCompleted", "The specified job is already in a completed state."},
    {Code::job_disabled, 409, "JobDisabled", "The specified job is disabled."},
    {Code::job_exists, 409, "JobExists", "The specified job already exists."},
    {Code::job_not_active, 409, "JobNotActive", "The specified job is not in an active state."},
    {Code::job_not_found, 404, "JobNotFound", "The specified job does not exist."},
    {Code::job_preparation_task_not_specified, 409, "JobPreparationTaskNotSpecified", "The specified job does not have a job preparation task."},
    {Code::job_preparation_task_or_release_task_not_specified, 409, "JobPreparationTaskOrReleaseTaskNotSpecified", "The specified job does not have either job preparation task or job release task."},
    {Code::job_schedule_being_deleted, 409, "JobScheduleBeingDeleted", "The specified job schedule has been marked for deletion and is being garbage collected."},
    {Code::job_schedule_being_terminated, 409, "JobScheduleBeingTerminated", "The specified job schedule is being terminated."},
    {Code::job_schedule_completed, 409, "JobScheduleCompleted", "The specified job schedule is already in a completed state."},
    {Code::job_schedule_exists, 409, "JobScheduleExists", "The specified job schedule already exists."},
    {Code::job_schedule_not_found, 404, "JobScheduleNotFound", "The specified job schedule does not exist."},
    {Code::job_schedule_with_same_id_exists, 409, "JobScheduleWithSameIdExists", "A job schedule with the same id exists."},
    {Code::job_with_same_id_exists, 409, "JobWithSameIdExists", "A job with the same id exists."},
    {Code::missing_required_header, 400, "MissingRequiredHeader", "A required HTTP header was not specified."},
    {Code::missing_required_property, 400, "MissingRequiredProperty", "A required property was not specified in the request body."},
    {Code::missing_required_query_parameter, 400, "MissingRequiredQueryParameter", "A query parameter that's mandatory for this request is not specified."},
    {Code::multiple_condition_headers_not_supported, 400, "MultipleConditionHeadersNotSupported", "Multiple condition headers are not supported."},
    {Code::node_already_in_target_scheduling_state, 409, "NodeAlreadyInTargetSchedulingState", "The specified node is already in the target scheduling state."},
    {Code::node_being_created, 409, "NodeBeingCreated", "The specified node is being created."},
    {Code::node_being_rebooted, 409, "NodeBeingRebooted", "The specified node is being rebooted."},
    {Code::node_being_reimaged, 409, "NodeBeingReimaged", "The specified node is being reimaged."},
    {Code::node_being_started, 409, "NodeBeingStarted", "The specified node is being started."},
    {Code::node_not_found, 404, "NodeNotFound", "The specified node does not exist."},
    {Code::node_state_unusable, 409, "NodeStateUnusable", "The specified node is unusable."},
    {Code::node_user_exists, 409, "NodeUserExists", "The specified node user already exists."},
    {Code::node_user_not_found, 404, "NodeUserNotFound", "The specified node user does not exist."},
    {Code::not_modified, 304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    {Code::operation_invalid_for_current_state, 409, "OperationInvalidForCurrentState", "The specified operation is not valid for the current state of the resource."},
    {Code::operation_not_valid_on_node, 409, "OperationNotValidOnNode", "The specified operation is not valid on the node."},
    {Code::operation_not_valid_on_pool, 409, "OperationNotValidOnPool", "The requested operation is not valid on the specified pool."},
    {Code::operation_timed_out, 500, "OperationTimedOut", "Operation could not be completed within the specified time."},
    {Code::out_of_range_priority, 400, "OutOfRangePriority", "The specified priority is out of range."},
    {Code::out_of_range_query_parameter_value, 400, "OutOfRangeQueryParameterValue", "A query parameter specified in the request URI is outside the permissible range."},
    {Code::path_not_found, 404, "PathNotFound", "The specified path does not exist."},
    {Code::pool_being_deleted, 409, "PoolBeingDeleted", "The specified pool has been marked for deletion and is being reclaimed."},
    {Code::pool_being_resized, 409, "PoolBeingResized", "The specified pool is being resized."},
    {Code::pool_exists, 409, "PoolExists", "The specified pool already exists."},
    {Code::pool_not_found, 404, "PoolNotFound", "The specified pool does not exist."},
    {Code::pool_quota_reached, 409, "PoolQuotaReached", "Pool quota for the account has been reached."},
    {Code::request_body_too_large, 413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit."},
    {Code::request_entity_too_large, 413, "RequestEntityTooLarge", "The request entity is too large and exceeds the maximum permissible limit."},
    {Code::resource_not_found, 404, "ResourceNotFound", "The specified resource does not exist."},
    {Code::server_busy, 503, "ServerBusy", "The server is busy."},
    {Code::task_completed, 409, "TaskCompleted", "The specified task is already in a completed state."},
    {Code::task_dependencies_not_specified_on_job, 400, "TaskDependenciesNotSpecifiedOnJob", "The specified task has dependencies, but the job does not have usesTaskDependencies set to true."},
    {Code::task_dependency_list_too_long, 400, "TaskDependencyListTooLong", "The list of task dependencies is too long."},
    {Code::task_dependency_ranges_too_long, 400, "TaskDependencyRangesTooLong", "The list of task dependency ranges is too long."},
    {Code::task_exists, 409, "TaskExists", "The specified task already exists."},
    {Code::task_files_cleanedup, 409, "TaskFilesCleanedup", "The files of the specified task have been removed, because its retention time is over."},
    {Code::task_files_unavailable, 409, "TaskFilesUnavailable", "The files of the specified task are not available, because its compute node is gone."},
    {Code::task_id_same_as_job_preparation_task, 409, "TaskIdSameAsJobPreparationTask", "The specified task has the same id as the job preparation task of the job."},
    {Code::task_id_same_as_job_release_task, 409, "TaskIdSameAsJobReleaseTask", "The specified task has the same id as the job release task of the job."},
    {Code::task_not_completed, 409, "TaskNotCompleted", "The specified task has not completed."},
    {Code::task_not_found, 404, "TaskNotFound", "The specified task does not exist."},
    {Code::task_succeeded, 409, "TaskSucceeded", "The specified task has already succeeded."},
    {Code::too_many_enable_auto_scale_requests, 503, "TooManyEnableAutoScaleRequests", "Autoscale of the pool has been enabled less than 30 seconds ago."},
    {Code::unsupported_http_verb, 405, "UnsupportedHttpVerb", "The resource doesn't support the specified HTTP verb."},
    {Code::unsupported_property, 400, "UnsupportedProperty", "One of the properties specified in the request body is not supported."},
    {Code::unsupported_query_parameter, 400, "UnsupportedQueryParameter", "One of the query parameters specified in the request URI is not supported."},
    {Code::unsupported_request_version, 400, "UnsupportedRequestVersion", "The specified API version is not supported."},
});
// clang-format on

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (static_cast<std::size_t>(kRows[i].code) != i) return false;
    }
    return true;
}
static_assert(is_in_order(), "the table must follow the enum");

constexpr Row const& row_of(BatchErrorCode code) {
    return kRows[static_cast<std::size_t>(code)];
}

}  // namespace

int status_of(BatchErrorCode code) {
    return row_of(code).status;
}

std::string_view name_of(BatchErrorCode code) {
    return row_of(code).name;
}

std::string_view message_of(BatchErrorCode code) {
    return row_of(code).message;
}

void throw_exception_from_error(BatchError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + std::string(name_of(error.code)));
}

}  // namespace bluebatch::azure
