#pragma once

#include "emulator/blob/routes/route.hpp"

// One function per operation; the table says which request reaches which.
namespace bluebatch::emulator::blob::routes {

using Answer = azure::StorageResult<http::Response>;

Answer list_containers(Call& call);
Answer get_service_properties(Call& call);
Answer set_service_properties(Call& call);
Answer get_service_stats(Call& call);
Answer get_account_information(Call& call);
Answer submit_batch(Call& call);
Answer get_user_delegation_key(Call& call);

Answer create_container(Call& call);
Answer get_container(Call& call);
Answer delete_container(Call& call);
Answer get_container_metadata(Call& call);
Answer set_container_metadata(Call& call);
Answer get_container_acl(Call& call);
Answer set_container_acl(Call& call);
Answer lease_container(Call& call);
Answer restore_container(Call& call);
Answer list_blobs(Call& call);

Answer put_blob(Call& call);
Answer get_blob(Call& call);
Answer get_blob_properties(Call& call);
Answer set_blob_properties(Call& call);
Answer get_blob_metadata(Call& call);
Answer set_blob_metadata(Call& call);
Answer set_blob_tier(Call& call);
Answer delete_blob(Call& call);
Answer lease_blob(Call& call);
Answer copy_blob(Call& call);
Answer copy_blob_from_url(Call& call);
Answer abort_copy_blob(Call& call);
Answer copy_incrementally(Call& call);
Answer put_blob_from_url(Call& call);
Answer put_block_from_url(Call& call);
Answer append_block_from_url(Call& call);
Answer put_page_from_url(Call& call);
Answer snapshot_blob(Call& call);
Answer undelete_blob(Call& call);
Answer set_immutability_policy(Call& call);
Answer delete_immutability_policy(Call& call);
Answer set_legal_hold(Call& call);
Answer set_blob_expiry(Call& call);
Answer get_blob_tags(Call& call);
Answer set_blob_tags(Call& call);
Answer find_blobs_by_tags(Call& call);
Answer find_blobs_by_tags_in_container(Call& call);
Answer query_blob_contents(Call& call);

Answer put_block(Call& call);
Answer put_block_list(Call& call);
Answer get_block_list(Call& call);

Answer put_append_blob(Call& call);
Answer append_block(Call& call);
Answer seal_blob(Call& call);

Answer put_page_blob(Call& call);
Answer put_page(Call& call);
Answer get_page_ranges(Call& call);

}  // namespace bluebatch::emulator::blob::routes
