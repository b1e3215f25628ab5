#include "client/api/batch_client.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

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
    std::string bytes;
    if (length == 0) return bytes;
    auto call = make_call(http::Verb::get, file_path(owner, path));
    call.request.headers.set("ocp-range", fmt::format("bytes={}-{}", offset, offset + length - 1));
    call.before_attempt = [&bytes] { bytes.clear(); };
    call.sink = [&bytes, length](std::span<std::byte const> piece) {
        // One byte too many tells that the range was ignored; the rest need not be kept.
        auto const taken = std::min<std::uint64_t>(piece.size(), length + 1 - bytes.size());
        bytes.append(reinterpret_cast<char const*>(piece.data()), taken);
        return true;
    };
    auto const reply = pipeline_->send(call, options_);
    if (!reply) return reply.error();
    if (bytes.size() < length) return make_short_range_error(path);
    if (bytes.size() != length) {
        return make_protocol_error(fmt::format("The service sent another range of {} than asked for.", path));
    }
    return bytes;
}

ApiResult<void> BatchClient::delete_file(FileOwner const& owner, std::string_view path) const {
    return remove(file_path(owner, path));
}

}  // namespace bluebatch::client
