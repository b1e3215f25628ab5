#include "emulator/batch/files/content_type.hpp"
#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/folders.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;

constexpr std::string_view kUnit = "bytes=";

using OpenFolder = Result<files::Folder> (*)(Call const&);

Result<files::Folder> task_folder(Call const& call) {
    return service::open_task_folder(
        call.context(),
        {call.location, call.account.name, call.account.is_simulated},
        call.path["jobId"],
        call.path["taskId"]
    );
}

Result<files::Folder> node_folder(Call const& call) {
    return service::open_node_folder(
        call.context(), {call.location, call.account.name}, call.path["poolId"], call.path["nodeId"]
    );
}

bool is_recursive(Call const& call) {
    return base::equal_ignoring_case(call.request.find_query_ignoring_case("recursive").value_or(""), "true");
}

// Batch: FILE-2
wire::Json write_file(Call const& call, files::FileInfo const& file) {
    wire::Json json{
        {"name", file.name},
        {"url", call.url() + "/" + http::percent_encode(file.name, http::KeepSlash::yes)},
        {"isDirectory", file.is_directory}};
    if (file.is_directory) return json;
    json["properties"] = {
        {"lastModified", base::to_iso8601(file.last_modified)},
        {"contentLength", std::to_string(file.size)},
        {"contentType", files::content_type_of(file.name)},
        {"fileMode", fmt::format("0{:o}", file.mode)}};
    return json;
}

// Names can be filtered by how they begin, and by nothing else. Batch: REST-25
Result<std::string> read_prefix(Call const& call) {
    auto const filter = read_filter(call);
    if (!filter) return filter.error();
    if (!*filter) return std::string();
    auto const* const comparison = std::get_if<codec::odata::Comparison>(&(*filter)->node);
    bool const fits = comparison != nullptr && comparison->field == "name" &&
                      comparison->op == codec::odata::Operator::starts_with;
    if (fits) return std::get<std::string>(comparison->value);
    auto const text = call.request.find_query_ignoring_case("$filter").value_or("");
    return invalid_query("$filter", text, "Files can be filtered by startswith(name, '...') only");
}

Result<http::Response> list_files(Call const& call, OpenFolder open_folder) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto prefix = read_prefix(call);
    if (!prefix) return prefix.error();
    auto const folder = open_folder(call);
    if (!folder) return folder.error();
    files::Listing listing;
    listing.depth = is_recursive(call) ? files::Listing::Depth::all : files::Listing::Depth::one_level;
    listing.prefix = std::move(*prefix);
    listing.after = read_skip_token(call);
    listing.limit = static_cast<std::size_t>(*size) + 1;
    auto found = folder->list(listing);
    bool const more = found.size() == listing.limit;
    if (more) found.pop_back();
    auto values = wire::Json::array();
    for (auto const& file : found)
        values.push_back(write_file(call, file));
    auto const next = more ? std::optional{found.back().name} : std::nullopt;
    return list_answer(call, "files", std::move(values), next);
}

struct Span {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// "bytes=0-1023", "bytes=1024-". Batch: FILE-4
Result<Span> read_range(Call const& call, std::uint64_t size) {
    auto const header = call.request.headers.find("ocp-range");
    if (!header) return Span{0, size};
    BatchError const invalid{
        BatchErrorCode::invalid_range,
        {{"HeaderName", "ocp-range"}, {"HeaderValue", std::string(header->substr(0, 256))}}};
    if (!base::starts_with_ignoring_case(*header, kUnit)) return invalid;
    auto const range = header->substr(kUnit.size());
    auto const dash = range.find('-');
    if (dash == std::string_view::npos) return invalid;
    auto const first = base::parse_number<std::uint64_t>(range.substr(0, dash));
    auto const end_text = range.substr(dash + 1);
    auto const last = base::parse_number<std::uint64_t>(end_text);
    bool const is_open = end_text.empty();
    if (!first || (!last && !is_open) || *first >= size || (last && *last < *first)) return invalid;
    auto const end = is_open ? size : std::min(*last, size - 1) + 1;
    return Span{*first, end - *first};
}

// Batch: FILE-3
void put_properties(Call const& call, http::Response& response, files::FileInfo const& file) {
    auto& headers = response.headers;
    headers.set("Content-Type", std::string(files::content_type_of(file.name)));
    headers.set("Last-Modified", base::to_rfc1123(file.last_modified));
    if (file.creation_time) headers.set("ocp-creation-time", base::to_rfc1123(*file.creation_time));
    headers.set("ocp-batch-file-isdirectory", file.is_directory ? "True" : "False");
    headers.set("ocp-batch-file-url", http::percent_encode(call.url()));
    headers.set("ocp-batch-file-mode", fmt::format("0{:o}", file.mode));
}

Result<files::OpenFile> find_file(Call const& call, OpenFolder open_folder) {
    auto const conditions = read_conditions(call);
    if (!conditions) return conditions.error();
    auto const folder = open_folder(call);
    if (!folder) return folder.error();
    auto file = folder->find(call.path["filePath"]);
    if (!file) return BatchError{BatchErrorCode::file_not_found, {}};
    // Files have no tags. Batch: REST-17
    service::Conditions const dates{{}, {}, conditions->if_modified_since, conditions->if_unmodified_since};
    if (auto const fault = service::check(dates, file->info.last_modified, service::Access::read))
        return *fault;
    return std::move(*file);
}

Result<http::Response> get_file(Call const& call, OpenFolder open_folder) {
    auto file = find_file(call, open_folder);
    if (!file) return file.error();
    if (file->info.is_directory) return BatchError{BatchErrorCode::file_not_found, {}};
    auto const span = read_range(call, file->info.size);
    if (!span) return span.error();
    // Partial content, too, is 200: the clients of the service take nothing else.
    auto response = empty_answer(200);
    put_properties(call, response, file->info);
    if (span->length > 0) response.slices.push_back({std::move(file->handle), span->offset, span->length});
    return response;
}

Result<http::Response> get_properties(Call const& call, OpenFolder open_folder) {
    auto const file = find_file(call, open_folder);
    if (!file) return file.error();
    http::Response response;
    put_properties(call, response, file->info);
    response.content_length = file->info.size;
    return response;
}

// Batch: FILE-5
Result<http::Response> delete_file(Call const& call, OpenFolder open_folder) {
    auto const folder = open_folder(call);
    if (!folder) return folder.error();
    auto const removal = is_recursive(call) ? files::Removal::tree : files::Removal::file_or_empty_folder;
    switch (folder->remove(call.path["filePath"], removal)) {
        case files::Removed::yes:
            return empty_answer(200);
        case files::Removed::not_empty:
            return service::invalid_state(
                "The directory is not empty; recursive=true deletes it with its content"
            );
        case files::Removed::not_found:
            break;
    }
    return BatchError{BatchErrorCode::file_not_found, {}};
}

using Operation = Result<http::Response> (*)(Call const&, OpenFolder);

template <Operation operation, OpenFolder open_folder>
Result<http::Response> handle(Call const& call) {
    return operation(call, open_folder);
}

// clang-format off
constexpr auto kFileRoutes = std::to_array<Route>({
    {Verb::get,    "/jobs/{jobId}/tasks/{taskId}/files",                "", "File_ListFromTask",            &handle<&list_files, &task_folder>},
    {Verb::get,    "/jobs/{jobId}/tasks/{taskId}/files/{filePath*}",    "", "File_GetFromTask",             &handle<&get_file, &task_folder>},
    {Verb::head,   "/jobs/{jobId}/tasks/{taskId}/files/{filePath*}",    "", "File_GetPropertiesFromTask",   &handle<&get_properties, &task_folder>},
    {Verb::remove, "/jobs/{jobId}/tasks/{taskId}/files/{filePath*}",    "", "File_DeleteFromTask",          &handle<&delete_file, &task_folder>},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/files",              "", "File_ListFromComputeNode",     &handle<&list_files, &node_folder>},
    {Verb::get,    "/pools/{poolId}/nodes/{nodeId}/files/{filePath*}",  "", "File_GetFromComputeNode",      &handle<&get_file, &node_folder>},
    {Verb::head,   "/pools/{poolId}/nodes/{nodeId}/files/{filePath*}",  "", "File_GetPropertiesFromComputeNode", &handle<&get_properties, &node_folder>},
    {Verb::remove, "/pools/{poolId}/nodes/{nodeId}/files/{filePath*}",  "", "File_DeleteFromComputeNode",   &handle<&delete_file, &node_folder>},
});
// clang-format on

}  // namespace

std::span<Route const> file_routes() {
    return kFileRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
