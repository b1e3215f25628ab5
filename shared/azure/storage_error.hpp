#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::azure {

// The documented failures of the Blob service, in the order of the table that holds their status and message.
enum class StorageErrorCode : std::uint8_t {
    account_is_disabled,
    append_position_condition_not_met,
    authentication_failed,
    authorization_failure,
    authorization_permission_mismatch,
    authorization_protocol_mismatch,
    authorization_resource_type_mismatch,
    authorization_service_mismatch,
    authorization_source_ip_mismatch,
    blob_already_exists,
    blob_not_found,
    blob_overwritten,
    block_count_exceeds_limit,
    block_list_too_long,
    both_crc64_and_md5_header_present,
    both_crc64_and_md5_range_header_present,
    cannot_verify_copy_source,
    condition_header_not_supported,
    condition_not_met,
    container_already_exists,
    container_not_found,
    copy_across_accounts_not_supported,
    cors_preflight_failure,
    crc64_mismatch,
    empty_metadata_key,
    error_processing_query_expression,
    internal_error,
    invalid_authentication_info,
    invalid_bearer_token,
    invalid_blob_or_block,
    invalid_blob_type,
    invalid_block_id,
    invalid_block_list,
    invalid_crc64,
    invalid_header_value,
    invalid_input,
    invalid_md5,
    invalid_metadata,
    invalid_operation,
    invalid_query_parameter_value,
    invalid_range,
    invalid_resource_name,
    invalid_uri,
    invalid_xml_document,
    invalid_xml_node_value,
    lease_already_broken,
    lease_already_present,
    lease_id_mismatch_with_blob_operation,
    lease_id_mismatch_with_container_operation,
    lease_id_mismatch_with_lease_operation,
    lease_id_missing,
    lease_is_breaking_and_cannot_be_acquired,
    lease_is_breaking_and_cannot_be_changed,
    lease_is_broken_and_cannot_be_renewed,
    lease_lost,
    lease_not_present_with_blob_operation,
    lease_not_present_with_container_operation,
    lease_not_present_with_lease_operation,
    md5_mismatch,
    metadata_too_large,
    missing_content_length_header,
    missing_required_header,
    missing_required_query_parameter,
    missing_required_xml_node,
    multiple_condition_headers_not_supported,
    no_authentication_information,
    no_pending_copy_operation,
    not_implemented,
    not_modified,
    operation_timed_out,
    out_of_range_input,
    out_of_range_query_parameter_value,
    pending_copy_operation,
    public_access_not_permitted,
    request_body_too_large,
    resource_not_found,
    server_busy,
    insufficient_storage,
    source_condition_not_met,
    target_condition_not_met,
    unauthorized_blob_overwrite,
    unsatisfiable_condition,
    unsupported_header,
    unsupported_http_verb,
    unsupported_query_parameter,
    write_operation_not_supported_on_secondary,
    blob_archived,
    blob_being_rehydrated,
    blob_immutable_due_to_policy,
    blob_immutable_due_to_legal_hold,
    blob_is_sealed,
    blob_uses_customer_specified_encryption,
    cannot_change_to_lower_tier,
    container_being_deleted,
    copy_id_mismatch,
    feature_version_mismatch,
    incremental_copy_blob_mismatch,
    incremental_copy_of_earlier_snapshot_not_allowed,
    incremental_copy_source_must_be_snapshot,
    invalid_blob_tier,
    invalid_page_range,
    invalid_source_blob_type,
    invalid_source_blob_url,
    max_blob_size_condition_not_met,
    operation_not_allowed_on_root_blob,
    previous_snapshot_cannot_be_newer,
    previous_snapshot_not_found,
    previous_snapshot_operation_not_supported,
    sequence_number_condition_not_met,
    sequence_number_increment_too_large,
    snapshot_count_exceeded,
    snapshots_present,
    duplicate_tag_names,
    empty_tag_name,
    invalid_tag,
    tags_too_large,
    infinite_lease_duration_required,
    blob_does_not_use_customer_specified_encryption,
    blob_customer_specified_encryption_mismatch,
    request_forbidden_by_container_encryption_policy,
    operation_not_allowed_on_incremental_copy_blob,
    blob_access_tier_not_supported_for_account_type,
    count_,
};

struct StorageErrorRow {
    StorageErrorCode code;
    int status;
    std::string_view name;     // of x-ms-error-code and <Code>
    std::string_view message;  // without the RequestId and Time lines
};

StorageErrorRow const& row_of(StorageErrorCode code);

// One failure as a client sees it.
struct StorageError {
    StorageErrorCode code = StorageErrorCode::internal_error;
    std::string message;  // instead of the table's, when not empty
    // Further elements of the body, such as {"AuthenticationErrorDetail", "..."} or {"HeaderName",
    // "x-ms-range"}.
    std::vector<std::pair<std::string, std::string>> details;
    int given_status = 0;                       // instead of the table's, when not 0
    std::optional<std::uint64_t> whole_size{};  // of the blob that a range is not in; clients ask for it

    StorageError() = default;
    StorageError(StorageErrorCode what) : code(what) {}
    StorageError(StorageErrorCode what, std::vector<std::pair<std::string, std::string>> more)
        : code(what), details(std::move(more)) {}

    int status() const { return given_status != 0 ? given_status : row_of(code).status; }
    std::string_view name() const { return row_of(code).name; }
    StorageError with_message(std::string text) &&;
};

[[noreturn]] void throw_exception_from_error(StorageError const& error, boost::source_location const&);

template <class T>
using StorageResult = base::Result<T, StorageError>;

// Failures that name what was wrong with the request.
StorageError invalid_header(std::string_view name, std::string_view value);
StorageError missing_header(std::string_view name);
StorageError invalid_query_parameter(std::string_view name, std::string_view value, std::string_view reason);
StorageError authentication_failure(std::string detail);
StorageError invalid_xml_node(std::string_view name, std::string_view value, std::string_view reason);
// For what the reference has and the emulator does not.
StorageError not_implemented(std::string_view operation);

// The XML body of an answer.
std::string to_xml(StorageError const& error, std::string_view request_id, std::string_view time);

}  // namespace bluebatch::azure
