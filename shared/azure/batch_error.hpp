#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::azure {

// The failures of the Batch service that we answer with, in the order of the table that holds their status
// and message.
enum class BatchErrorCode : std::uint8_t {
    account_is_disabled,
    active_job_and_schedule_quota_reached,
    application_not_found,
    authentication_failed,
    auto_scaling_formula_syntax_error,
    auto_scaling_formula_too_long,
    certificate_being_deleted,
    certificate_exists,
    certificate_not_found,
    certificate_state_active,
    condition_not_met,
    file_not_found,
    forbidden,
    internal_error,
    invalid_application_package_references,
    invalid_authentication_info,
    invalid_certificate_references,
    invalid_header_value,
    invalid_input,
    invalid_property_value,
    invalid_query_parameter_value,
    invalid_range,
    invalid_request_body,
    invalid_uri,
    job_being_deleted,
    job_being_terminated,
    job_completed,
    job_disabled,
    job_exists,
    job_not_active,
    job_not_found,
    job_preparation_task_not_specified,
    job_preparation_task_or_release_task_not_specified,
    job_schedule_being_deleted,
    job_schedule_being_terminated,
    job_schedule_completed,
    job_schedule_exists,
    job_schedule_not_found,
    job_schedule_with_same_id_exists,
    job_with_same_id_exists,
    missing_required_header,
    missing_required_property,
    missing_required_query_parameter,
    multiple_condition_headers_not_supported,
    node_already_in_target_scheduling_state,
    node_being_created,
    node_being_rebooted,
    node_being_reimaged,
    node_being_started,
    node_not_found,
    node_state_unusable,
    node_user_exists,
    node_user_not_found,
    not_modified,
    operation_invalid_for_current_state,
    operation_not_valid_on_node,
    operation_not_valid_on_pool,
    operation_timed_out,
    out_of_range_priority,
    out_of_range_query_parameter_value,
    path_not_found,
    pool_being_deleted,
    pool_being_resized,
    pool_exists,
    pool_not_found,
    pool_quota_reached,
    request_body_too_large,
    request_entity_too_large,
    resource_not_found,
    server_busy,
    task_completed,
    task_dependencies_not_specified_on_job,
    task_dependency_list_too_long,
    task_dependency_ranges_too_long,
    task_exists,
    task_files_cleanedup,
    task_files_unavailable,
    task_id_same_as_job_preparation_task,
    task_id_same_as_job_release_task,
    task_not_completed,
    task_not_found,
    task_succeeded,
    too_many_enable_auto_scale_requests,
    unsupported_http_verb,
    unsupported_property,
    unsupported_query_parameter,
    unsupported_request_version,
};

// One line of detail: {"PropertyName", "poolInfo"}. Batch: REST-15
struct BatchErrorValue {
    std::string key;
    std::string value;

    bool operator==(BatchErrorValue const&) const = default;
};

// A failure that the service documents.
struct BatchError {
    BatchErrorCode code = BatchErrorCode::internal_error;
    std::vector<BatchErrorValue> values;

    bool operator==(BatchError const&) const = default;
};

template <class T>
using BatchResult = base::Result<T, BatchError>;

[[noreturn]] void throw_exception_from_error(BatchError const& error, boost::source_location const&);

int status_of(BatchErrorCode code);  // 304 for not_modified, which has no body
// "PoolNotFound"
std::string_view name_of(BatchErrorCode code);
// One sentence, which is also the reason phrase of the answer.
std::string_view message_of(BatchErrorCode code);

}  // namespace bluebatch::azure
