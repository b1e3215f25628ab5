#include "client/api/batch_client.hpp"
#include "client/api/range.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bluebatch::client {
namespace {

std::string files_path(FileOwner const& owner) {
    bool const of_task = owner.kind == FileOwnerKind::task;
    return fmt::format(
        "/{}/{}/{}/{}/files",
        of_task ? "jobs" : "pools",
        http::percent_encode(owner.parent),
        of_task ? "tasks" : "nodes",
        http::percent_encode(owner.id)
    );
}

std::string file_path(FileOwner const& owner, std::string_view path) {
    return files_path(owner) + "/" + http::percent_encode(path);
}

}  // namespace

ApiResult<std::vector<nlohmann::json>> BatchClient::file_documents(FileOwner const& owner) const {
    return list(files_path(owner), "&recursive=true");
}

ApiResult<FileProperties> BatchClient::file_properties(FileOwner const& owner, std::string_view path) const {
    auto const reply = pipeline_->send(make_call(http::Verb::head, file_path(owner, path)), options_);
    if (!reply) {
        // An answer to HEAD has no body, and so no error code. A byte by GET is refused with words.
        auto call = make_call(http::Verb::get, file_path(owner, path));
        call.request.headers.set("ocp-range", "bytes=0-0");
        call.sink = [](std::span<std::byte const>) { return true; };
        bool const is_mute = reply.error().fault == Fault::service && reply.error().code.empty();
        auto const words = is_mute ? pipeline_->send(call, options_) : reply;
        return words ? reply.error() : words.error();
    }
    auto const& headers = reply->response.headers;
    return FileProperties{
        .size = base::parse_number<std::uint64_t>(headers.get("Content-Length")).value_or(0),
        .last_modified = std::string(headers.get("Last-Modified")),
        .is_directory = base::equal_ignoring_case(headers.get("ocp-batch-file-isdirectory"), "true"),
    };
}

ApiResult<std::string> BatchClient::read_file(
    FileOwner const& owner, std::string_view path, std::uint64_t offset, std::uint64_t length
) const {
    if (length == 0) return std::string();
    auto call = make_call(http::Verb::get, file_path(owner, path));
    call.request.headers.set("ocp-range", fmt::format("bytes={}-{}", offset, offset + length - 1));
    return fetch_range(*pipeline_, std::move(call), options_, length, path);
}

ApiResult<void> BatchClient::delete_file(FileOwner const& owner, std::string_view path) const {
    return remove(file_path(owner, path));
}

}  // namespace bluebatch::client
