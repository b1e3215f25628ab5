// URLs of blobs in all their styles, and URLs within headers.
#include "emulator/blob/rules/names.hpp"
#include "emulator/blob/target.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/fuzz/support/requests.hpp"

namespace bluebatch::fuzz {
namespace {

namespace blob = emulator::blob;

blob::BlobAccounts accounts(std::vector<blob::BlobAccount>{
    {"devstoreaccount1", {"a2V5"}}, {"second", {"a2V5"}}});

void check_target(blob::Target const& target, std::string_view input) {
    auto const& address = target.address;
    check(target.account != nullptr && target.account->name == address.account, "an account", input);
    check(target.endpoint.ends_with('/'), "an endpoint ends with a slash", target.endpoint);
    bool const has_container = target.level != blob::Level::service;
    bool const has_blob = target.level == blob::Level::blob;
    check(address.container.empty() != has_container, "the level says what is named", input);
    check(address.blob.empty() != has_blob, "the level says what is named", input);
    if (has_container)
        check(!blob::rules::find_container_name_fault(address.container), "a container's name", input);
    if (has_blob) check(!blob::rules::find_blob_name_fault(address.blob), "a blob's name", input);
}

// The address that a target has, asked for in the plainest way, leads to the same target.
void check_same_again(http::RequestHead const& head, blob::Target const& target, std::string_view input) {
    if (target.replica == blob::Replica::secondary) return;
    http::RequestHead plain = head;
    plain.headers.set("Host", "127.0.0.1:10000");
    auto path = "/" + target.address.account + "/" + http::percent_encode(target.address.container);
    if (target.level == blob::Level::blob) path += "/" + http::percent_encode(target.address.blob);
    if (target.level == blob::Level::container) path += "?restype=container";
    check(http::parse_target(path, plain), "a plain URL", path);
    auto const again = blob::parse_target(plain, accounts);
    check(again.has_value(), "a plain URL", path);
    check(
        again->address.container == target.address.container && again->address.blob == target.address.blob,
        "the same blob by another URL",
        input
    );
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const head = read_head(input);
    if (!head) return 0;
    if (auto const target = blob::parse_target(*head, accounts)) {
        check_target(*target, input);
        check_same_again(*head, *target, input);
    }
    if (auto const site = blob::parse_website(*head, accounts)) {
        check(accounts.find(site->account) != nullptr, "an account", input);
    }
    http::RequestHead source;
    auto const url = head->headers.get("x-ms-copy-source");
    auto const target = blob::parse_source_url(url, *head, accounts, source);
    if (target && target->has_value()) check_target(target->value(), url);
    return 0;
}

}  // namespace bluebatch::fuzz
