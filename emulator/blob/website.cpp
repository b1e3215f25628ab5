#include "emulator/blob/website.hpp"

#include "emulator/blob/service_settings.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <vector>

namespace bluebatch::emulator::blob {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;

constexpr std::string_view kWebServer = "Windows-Azure-Web/1.0 Microsoft-HTTPAPI/2.0";

bool is_missing(StorageError const& error) {
    return error.code == StorageErrorCode::blob_not_found ||
           error.code == StorageErrorCode::container_not_found;
}

// The blobs that a path may mean, in the order in which they are looked for.
std::vector<std::string> candidates(std::string const& path, wire::StaticWebsite const& website) {
    bool const is_folder = path.empty() || path.ends_with('/');
    std::vector<std::string> blobs;
    if (!is_folder) blobs.push_back(path);
    if (!website.index_document.empty()) {
        blobs.push_back(path + (is_folder ? "" : "/") + website.index_document);
    } else if (is_folder && !website.default_index_path.empty()) {
        blobs.push_back(website.default_index_path);
    }
    return blobs;
}

struct Page {
    std::string_view code;
    std::string_view text;
};

Page page_of(StorageError const& error) {
    if (is_missing(error)) return {"WebContentNotFound", "The requested content does not exist."};
    return {error.name(), row_of(error.code).message};
}

http::Response error_page(http::RequestHead const& head, StorageError const& error, Context const& context) {
    auto const [code, text] = page_of(error);
    http::Response response;
    response.status = error.status();
    response.reason = text;
    response.headers.set("x-ms-error-code", std::string{code});
    constexpr int kNotModified = 304;
    if (head.verb == http::Verb::head || response.status == kNotModified) return response;
    response.headers.set("Content-Type", "text/html");
    response.text = fmt::format(
        "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{1}</h1><p><ul>"
        "<li>HttpStatusCode: {2}</li><li>ErrorCode: {0}</li><li>TimeStamp : {3}</li></ul></p></body></html>",
        code,
        text,
        response.status,
        base::to_iso8601(context.clock.now(), 7)
    );
    return response;
}

http::Response find_page(
    Context const& context, http::RequestHead const& head, Website const& site, ReadPage const& read
) {
    if (head.verb != http::Verb::get && head.verb != http::Verb::head) {
        return error_page(head, StorageErrorCode::unsupported_http_verb, context);
    }
    auto const website = context.settings.of(site.account)->website;
    if (!website.is_enabled) return error_page(head, StorageErrorCode::blob_not_found, context);
    for (auto const& blob : candidates(site.path, website)) {
        auto page = read(blob, head.headers);
        if (page) return *std::move(page);
        if (!is_missing(page.error())) return error_page(head, page.error(), context);
    }
    if (!website.error_document.empty()) {
        auto page = read(website.error_document, {});
        if (page) {
            constexpr int kNotFound = 404;
            page->status = kNotFound;
            return *std::move(page);
        }
    }
    return error_page(head, StorageErrorCode::blob_not_found, context);
}

// Browsers are told nothing that only clients of the service need.
http::Headers plain_headers(http::Headers const& headers) {
    http::Headers plain;
    for (auto const& [name, value] : headers) {
        bool const is_private = base::starts_with_ignoring_case(name, "x-ms-") && name != "x-ms-error-code";
        if (!is_private) plain.add(name, value);
    }
    return plain;
}

}  // namespace

http::Response answer_website(
    Context const& context, http::RequestHead const& head, Website const& site, ReadPage const& read
) {
    auto response = find_page(context, head, site, read);
    response.headers = plain_headers(response.headers);
    response.headers.set("Server", std::string{kWebServer});
    response.headers.set("x-ms-request-id", context.random.guid());
    response.headers.set("x-ms-version", std::string{kWebsiteVersion});
    return response;
}

}  // namespace bluebatch::emulator::blob
