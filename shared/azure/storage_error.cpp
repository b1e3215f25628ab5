#include "shared/azure/storage_error.hpp"

#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <array>
#include <stdexcept>

namespace bluebatch::azure {
namespace {

using enum StorageErrorCode;

// clang-format off
constexpr auto kErrors = std::to_array<StorageErrorRow>({
    {account_is_disabled, 403, "AccountIsDisabled", "The specified account is disabled."},
    {append_position_condition_not_met, 412, "AppendPositionConditionNotMet", "The append position condition specified was not met."},
    {authentication_failed, 403, "AuthenticationFailed", "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature."},
    {authorization_failure, 403, "AuthorizationFailure", "This request is not authorized to perform this operation."},
    {authorization_permission_mismatch, 403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission."},
    {authorization_protocol_mismatch, 403, "AuthorizationProtocolMismatch", "This request is not authorized to perform this operation using this protocol."},
    {authorization_resource_type_mismatch, 403, "AuthorizationResourceTypeMismatch", "This request is not authorized to perform this operation using this resource type."},
    {authorization_service_mismatch, 403, "AuthorizationServiceMismatch", "This request is not authorized to perform this operation using this service."},
    {authorization_source_ip_mismatch, 403, "AuthorizationSourceIPMismatch", "This request is not authorized to perform this operation using this source IP."},
    {blob_already_exists, 409, "BlobAlreadyExists", "The specified blob already exists."},
    {blob_not_found, 404, "BlobNotFound", "The specified blob does not exist."},
    {blob_overwritten, 412, "BlobOverwritten", "The blob has been recreated since the request was sent."},
    {block_count_exceeds_limit, 409, "BlockCountExceedsLimit", "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks."},
    {block_list_too_long, 400, "BlockListTooLong", "The block list may not contain more than 50,000 blocks."},
    {both_crc64_and_md5_header_present, 400, "BothCrc64AndMd5HeaderPresent", "Both x-ms-content-crc64 header and Content-MD5 header are present."},
    {both_crc64_and_md5_range_header_present, 400, "BothCrc64AndMd5RangeHeaderPresent", "Both x-ms-range-get-content-crc64 header and x-ms-range-get-content-md5 header are present."},
    {cannot_verify_copy_source, 404, "CannotVerifyCopySource", "The specified blob does not exist."},
    {condition_header_not_supported, 400, "ConditionHeadersNotSupported", "Condition headers are not supported."},
    {condition_not_met, 412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    {container_already_exists, 409, "ContainerAlreadyExists", "The specified container already exists."},
    {container_not_found, 404, "ContainerNotFound", "The specified container does not exist."},
    {copy_across_accounts_not_supported, 409, "CopyAcrossAccountsNotSupported", "The copy source account and destination account must be the same."},
    {cors_preflight_failure, 403, "CorsPreflightFailure", "CORS not enabled or no matching rule found for this request."},
    {crc64_mismatch, 400, "Crc64Mismatch", "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server."},
    {empty_metadata_key, 400, "EmptyMetadataKey", "The key for one of the metadata key-value pairs is empty."},
    {error_processing_query_expression, 400, "ErrorProcessingQueryExpression", "Syntax error!"},
    {internal_error, 500, "InternalError", "The server encountered an internal error. Please retry the request."},
    {invalid_authentication_info, 400, "InvalidAuthenticationInfo", "Authentication information is not given in the correct format. Check the value of Authorization header."},
    {invalid_bearer_token, 401, "InvalidAuthenticationInfo", "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."},
    {invalid_blob_or_block, 400, "InvalidBlobOrBlock", "The specified blob or block content is invalid."},
    {invalid_blob_type, 409, "InvalidBlobType", "The blob type is invalid for this operation."},
    {invalid_block_id, 400, "InvalidBlockId", "The specified block ID is invalid. The block ID must be Base64-encoded."},
    {invalid_block_list, 400, "InvalidBlockList", "The specified block list is invalid."},
    {invalid_crc64, 400, "InvalidCrc64", "The CRC64 value specified in the request is invalid. CRC64 value must be 64 bits and base64-encoded."},
    {invalid_header_value, 400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format."},
    {invalid_input, 400, "InvalidInput", "One of the request inputs is not valid."},
    {invalid_md5, 400, "InvalidMd5", "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64-encoded."},
    {invalid_metadata, 400, "InvalidMetadata", "The metadata specified is invalid. It has characters that are not permitted."},
    {invalid_operation, 400, "InvalidOperation", "Invalid operation against a blob snapshot."},
    {invalid_query_parameter_value, 400, "InvalidQueryParameterValue", "Value for one of the query parameters specified in the request URI is invalid."},
    {invalid_range, 416, "InvalidRange", "The range specified is invalid for the current size of the resource."},
    {invalid_resource_name, 400, "InvalidResourceName", "The specified resource name contains invalid characters."},
    {invalid_uri, 400, "InvalidUri", "The requested URI does not represent any resource on the server."},
    {invalid_xml_document, 400, "InvalidXmlDocument", "XML specified is not syntactically valid."},
    {invalid_xml_node_value, 400, "InvalidXmlNodeValue", "The value for one of the XML nodes is not in the correct format."},
    {lease_already_broken, 409, "LeaseAlreadyBroken", "The lease has already been broken and cannot be broken again."},
    {lease_already_present, 409, "LeaseAlreadyPresent", "There is already a lease present."},
    {lease_id_mismatch_with_blob_operation, 412, "LeaseIdMismatchWithBlobOperation", "The lease ID specified did not match the lease ID for the blob."},
    {lease_id_mismatch_with_container_operation, 412, "LeaseIdMismatchWithContainerOperation", "The lease ID specified did not match the lease ID for the container."},
    {lease_id_mismatch_with_lease_operation, 409, "LeaseIdMismatchWithLeaseOperation", "The lease ID specified did not match the lease ID for the resource with the specified lease operation."},
    {lease_id_missing, 412, "LeaseIdMissing", "There is currently a lease on the resource and no lease ID was specified in the request."},
    {lease_is_breaking_and_cannot_be_acquired, 409, "LeaseIsBreakingAndCannotBeAcquired", "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken."},
    {lease_is_breaking_and_cannot_be_changed, 409, "LeaseIsBreakingAndCannotBeChanged", "The lease ID matched, but the lease is currently in breaking state and cannot be changed."},
    {lease_is_broken_and_cannot_be_renewed, 409, "LeaseIsBrokenAndCannotBeRenewed", "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."},
    {lease_lost, 412, "LeaseLost", "A lease ID was specified, but the lease for the resource has expired."},
    {lease_not_present_with_blob_operation, 412, "LeaseNotPresentWithBlobOperation", "There is currently no lease on the blob."},
    {lease_not_present_with_container_operation, 412, "LeaseNotPresentWithContainerOperation", "There is currently no lease on the container."},
    {lease_not_present_with_lease_operation, 409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the resource."},
    {md5_mismatch, 400, "Md5Mismatch", "The MD5 value specified in the request did not match with the MD5 value calculated by the server."},
    {metadata_too_large, 400, "MetadataTooLarge", "The metadata specified exceeds the maximum permissible limit (8KB)."},
    {missing_content_length_header, 411, "MissingContentLengthHeader", "The Content-Length header was not specified."},
    {missing_required_header, 400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified."},
    {missing_required_query_parameter, 400, "MissingRequiredQueryParameter", "A query parameter that's mandatory for this request is not specified."},
    {missing_required_xml_node, 400, "MissingRequiredXmlNode", "A mandatory XML element was not specified in the XML document."},
    {multiple_condition_headers_not_supported, 400, "MultipleConditionHeadersNotSupported", "Multiple condition headers are not supported."},
    {no_authentication_information, 401, "NoAuthenticationInformation", "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."},
    {no_pending_copy_operation, 409, "NoPendingCopyOperation", "There is currently no pending copy operation."},
    {not_implemented, 501, "NotImplemented", "The requested operation is not implemented on the specified resource."},
    {not_modified, 304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."},
    {operation_timed_out, 500, "OperationTimedOut", "The operation could not be completed within the permitted time."},
    {out_of_range_input, 400, "OutOfRangeInput", "The specified resource name length is not within the permissible limits."},
    {out_of_range_query_parameter_value, 400, "OutOfRangeQueryParameterValue", "One of the query parameters specified in the request URI is outside the permissible range."},
    {pending_copy_operation, 409, "PendingCopyOperation", "There is currently a pending copy operation."},
    {public_access_not_permitted, 409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account."},
    {request_body_too_large, 413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit."},
    {resource_not_found, 404, "ResourceNotFound", "The specified resource does not exist."},
    {server_busy, 503, "ServerBusy", "The server is currently unable to receive requests. Please retry your request."},
    {insufficient_storage, 507, "InsufficientStorage", "There is not enough space on the disk of the emulator to store this."},
    {source_condition_not_met, 412, "SourceConditionNotMet", "The source condition specified using HTTP conditional header(s) is not met."},
    {target_condition_not_met, 412, "TargetConditionNotMet", "The target condition specified using HTTP conditional header(s) is not met."},
    {unauthorized_blob_overwrite, 403, "UnauthorizedBlobOverwrite", "This request is not authorized to perform blob overwrites."},
    {unsatisfiable_condition, 400, "UnsatisfiableCondition", "The request includes an unsatisfiable condition for this operation."},
    {unsupported_header, 400, "UnsupportedHeader", "One of the headers specified in the request is not supported."},
    {unsupported_http_verb, 405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."},
    {unsupported_query_parameter, 400, "UnsupportedQueryParameter", "One of the query parameters specified in the request URI is not supported."},
    {write_operation_not_supported_on_secondary, 403, "WriteOperationNotSupportedOnSecondary", "Write operations are not allowed."},
    {blob_archived, 409, "BlobArchived", "This operation is not permitted on an archived blob."},
    {blob_being_rehydrated, 409, "BlobBeingRehydrated", "This operation is not permitted because the blob is being rehydrated."},
    {blob_immutable_due_to_policy, 409, "BlobImmutableDueToPolicy", "This operation is not permitted as the blob is immutable due to a policy."},
    {blob_immutable_due_to_legal_hold, 409, "BlobImmutableDueToLegalHold", "This operation is not permitted as the blob is immutable due to a legal hold."},
    {blob_is_sealed, 409, "BlobIsSealed", "The specified blob is sealed and its contents can't be modified unless the blob is re-created after a delete."},
    {blob_uses_customer_specified_encryption, 409, "BlobUsesCustomerSpecifiedEncryption", "The blob is encrypted with customer specified encryption, but it was not provided in the request."},
    {cannot_change_to_lower_tier, 409, "CannotChangeToLowerTier", "A higher blob tier has already been explicitly set."},
    {container_being_deleted, 409, "ContainerBeingDeleted", "The specified container is being deleted."},
    {copy_id_mismatch, 409, "CopyIdMismatch", "The specified copy ID did not match the copy ID for the pending copy operation."},
    {feature_version_mismatch, 409, "FeatureVersionMismatch", "The operation for the blob is not permitted due to the version specified in the request."},
    {incremental_copy_blob_mismatch, 409, "IncrementalCopyBlobMismatch", "The specified source blob is different than the copy source of the existing incremental copy blob."},
    {incremental_copy_of_earlier_snapshot_not_allowed, 409, "IncrementalCopyOfEarlierVersionSnapshotNotAllowed", "The specified snapshot is earlier than the last snapshot copied into the incremental copy blob."},
    {incremental_copy_source_must_be_snapshot, 409, "IncrementalCopySourceMustBeSnapshot", "The source for incremental copy request must be a snapshot."},
    {invalid_blob_tier, 400, "InvalidBlobTier", "The specified blob tier is invalid."},
    {invalid_page_range, 416, "InvalidPageRange", "The page range specified is invalid."},
    {invalid_source_blob_type, 409, "InvalidSourceBlobType", "The copy source blob type is invalid for this operation."},
    {invalid_source_blob_url, 409, "InvalidSourceBlobUrl", "The source URL for incremental copy request must be valid Azure Storage blob URL."},
    {max_blob_size_condition_not_met, 412, "MaxBlobSizeConditionNotMet", "The max blob size condition specified was not met."},
    {operation_not_allowed_on_root_blob, 403, "OperationNotAllowedOnRootBlob", "The operation is not allowed on the root blob."},
    {previous_snapshot_cannot_be_newer, 400, "PreviousSnapshotCannotBeNewer", "The prevsnapshot query parameter value cannot be newer than snapshot query parameter value."},
    {previous_snapshot_not_found, 409, "PreviousSnapshotNotFound", "The previous snapshot is not found."},
    {previous_snapshot_operation_not_supported, 409, "PreviousSnapshotOperationNotSupported", "Differential Get Page Ranges is not supported on the previous snapshot."},
    {sequence_number_condition_not_met, 412, "SequenceNumberConditionNotMet", "The sequence number condition specified was not met."},
    {sequence_number_increment_too_large, 409, "SequenceNumberIncrementTooLarge", "The sequence number increment cannot be performed because it would result in overflow of the sequence number."},
    {snapshot_count_exceeded, 409, "SnapshotCountExceeded", "The snapshot count against this blob has been exceeded."},
    {snapshots_present, 409, "SnapshotsPresent", "This operation is not permitted because the blob has snapshots."},
    {duplicate_tag_names, 400, "DuplicateTagNames", "The tags specified contain duplicate names."},
    {empty_tag_name, 400, "EmptyTagName", "The name of one of the tag key-value pairs is empty."},
    {invalid_tag, 400, "InvalidTag", "The tags specified are invalid. It contains characters that are not permitted."},
    {tags_too_large, 400, "TagsTooLarge", "The tags specified exceed the maximum permissible limit."},
    {infinite_lease_duration_required, 412, "InfiniteLeaseDurationRequired", "The lease ID matched, but the specified lease must be an infinite-duration lease."},
    {blob_does_not_use_customer_specified_encryption, 409, "BlobDoesNotUseCustomerSpecifiedEncryption", "The blob is not encrypted with customer specified encryption, but it was provided in the request."},
    {blob_customer_specified_encryption_mismatch, 409, "BlobCustomerSpecifiedEncryptionMismatch", "The given customer specified encryption does not match the encryption used to encrypt the blob."},
    {request_forbidden_by_container_encryption_policy, 403, "RequestForbiddenByContainerEncryptionPolicy", "This request is forbidden by the container encryption policy."},
    {operation_not_allowed_on_incremental_copy_blob, 409, "OperationNotAllowedOnIncrementalCopyBlob", "The specified operation is not allowed on an incremental copy blob."},
    {blob_access_tier_not_supported_for_account_type, 400, "BlobAccessTierNotSupportedForAccountType", "Blob access tier is not supported on this storage account type."},
});
// clang-format on

constexpr bool errors_are_in_order() {
    for (std::size_t i = 0; i < kErrors.size(); ++i) {
        if (static_cast<std::size_t>(kErrors[i].code) != i) return false;
    }
    return kErrors.size() == static_cast<std::size_t>(count_);
}
static_assert(errors_are_in_order(), "row i of the table belongs to enumerator i");

}  // namespace

StorageErrorRow const& row_of(StorageErrorCode code) {
    return kErrors.at(static_cast<std::size_t>(code));
}

StorageError StorageError::with_message(std::string text) && {
    message = std::move(text);
    return std::move(*this);
}

void throw_exception_from_error(StorageError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked storage error: " + std::string{error.name()});
}

StorageError invalid_header(std::string_view name, std::string_view value) {
    return {invalid_header_value, {{"HeaderName", std::string{name}}, {"HeaderValue", std::string{value}}}};
}

StorageError missing_header(std::string_view name) {
    return {missing_required_header, {{"HeaderName", std::string{name}}}};
}

StorageError invalid_query_parameter(std::string_view name, std::string_view value, std::string_view reason) {
    StorageError error{
        invalid_query_parameter_value,
        {{"QueryParameterName", std::string{name}}, {"QueryParameterValue", std::string{value}}}};
    if (!reason.empty()) error.details.emplace_back("Reason", reason);
    return error;
}

StorageError authentication_failure(std::string detail) {
    return {authentication_failed, {{"AuthenticationErrorDetail", std::move(detail)}}};
}

StorageError invalid_xml_node(std::string_view name, std::string_view value, std::string_view reason) {
    StorageError error{
        invalid_xml_node_value, {{"XmlNodeName", std::string{name}}, {"XmlNodeValue", std::string{value}}}};
    if (!reason.empty()) error.details.emplace_back("Reason", reason);
    return error;
}

StorageError not_implemented(std::string_view operation) {
    return StorageError{StorageErrorCode::not_implemented}.with_message(
        std::string{operation} + " is not implemented by this emulator."
    );
}

namespace {

// Errors repeat what a client sent, which may be nothing that XML can carry.
std::string as_xml_text(std::string_view text) {
    return codec::is_xml_text(text) ? std::string{text} : http::percent_encode(text);
}

}  // namespace

std::string to_xml(StorageError const& error, std::string_view request_id, std::string_view time) {
    std::string message = error.message.empty() ? std::string{row_of(error.code).message} : error.message;
    message.append("\nRequestId:").append(request_id).append("\nTime:").append(time);
    codec::XmlWriter xml;
    xml.open("Error");
    xml.element("Code", error.name());
    xml.element("Message", as_xml_text(message));
    for (auto const& [name, value] : error.details)
        xml.element(name, as_xml_text(value));
    xml.close();
    return std::move(xml).finish();
}

}  // namespace bluebatch::azure
