#include "shared/http/curl_transfer.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/text.hpp"
#include "shared/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

namespace bluebatch::http {

namespace {

constexpr long kBufferBytes = 256 << 10;
constexpr std::size_t kMostResponseFields = 500;

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_written_by_curl(std::string_view name) {
    return base::equal_ignoring_case(name, "Content-Length") ||
           base::equal_ignoring_case(name, "Transfer-Encoding");
}

long whole_seconds(std::chrono::milliseconds time) {
    return static_cast<long>(std::max(std::chrono::ceil<std::chrono::seconds>(time).count(), std::int64_t{1})
    );
}

}  // namespace

void CurlList::add(std::string const& line) {
    auto* const longer = curl().slist_append(list_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list_.release());
    list_.reset(longer);
}

CurlTransfer::CurlTransfer(
    CURL* easy, OutgoingRequest const& request, BodySink const& sink, ClientOptions const& options
)
    : easy_(easy), request_(request), options_(options), body_(sink, response_.body) {}

base::Result<void, TransportError> CurlTransfer::prepare() {
    auto const url = parse_url(request_.url);
    if (!url || request_.verb == Verb::other) return error(TransportFault::bad_url, "not a URL for HTTP");
    authority_ = url->authority;
    for (auto const& [name, value] : request_.headers) {
        if (has_line_break(name) || has_line_break(value) || name.empty()) {
            return error(TransportFault::other, "a header field is malformed: " + base::to_hex(name));
        }
    }
    curl().easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
    curl().easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
    curl().easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl().easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl().easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl().easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_.data());
    curl().easy_setopt(easy_, CURLOPT_BUFFERSIZE, kBufferBytes);
    curl().easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
    curl().easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    curl().easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
    curl().easy_setopt(easy_, CURLOPT_WRITEDATA, this);
    curl().easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_ready);
    curl().easy_setopt(easy_, CURLOPT_PREREQDATA, this);
    set_headers();
    set_method_and_body();
    set_route();
    set_patience();
    return {};
}

void CurlTransfer::set_headers() {
    for (auto const& [name, value] : request_.headers) {
        if (is_written_by_curl(name)) continue;
        headers_.add(value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
    }
    curl().easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
    curl().easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
}

void CurlTransfer::set_method_and_body() {
    if (request_.verb == Verb::head) {
        curl().easy_setopt(easy_, CURLOPT_NOBODY, 1L);
        return;
    }
    if (states_length(request_)) {
        curl().easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
        curl().easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_size(request_)));
        curl().easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, kBufferBytes);
        curl().easy_setopt(easy_, CURLOPT_READFUNCTION, &CurlTransfer::on_upload);
        curl().easy_setopt(easy_, CURLOPT_READDATA, this);
        curl().easy_setopt(easy_, CURLOPT_SEEKFUNCTION, &CurlTransfer::on_seek);
        curl().easy_setopt(easy_, CURLOPT_SEEKDATA, this);
    }
    if (request_.verb != Verb::get || states_length(request_)) {
        curl().easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, std::string(to_string(request_.verb)).c_str());
    }
}

void CurlTransfer::set_route() {
    for (auto const& entry : options_.resolve)
        resolve_.add(entry);
    if (!options_.resolve.empty()) curl().easy_setopt(easy_, CURLOPT_CONNECT_TO, resolve_.get());
    if (!options_.ca_file.empty()) curl().easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
    auto const url = parse_url(request_.url);
    bool const may_use_proxy = options_.use_proxy_from_environment && request_.may_use_proxy;
    if (!may_use_proxy || !options_.resolve.empty() || is_loopback(url->host))
        curl().easy_setopt(easy_, CURLOPT_PROXY, "");
}

void CurlTransfer::set_patience() {
    curl().easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    curl().easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl().easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, whole_seconds(request_.stall_timeout));
}

std::size_t CurlTransfer::on_upload(char* into, std::size_t size, std::size_t count, void* self) {
    return static_cast<CurlTransfer*>(self)->upload({into, size * count});
}

std::size_t CurlTransfer::upload(std::span<char> into) {
    auto const left = body_size(request_) - uploaded_;
    into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left)));
    if (into.empty()) return 0;
    if (auto const* text = std::get_if<std::string>(&request_.body)) {
        std::memcpy(into.data(), text->data() + uploaded_, into.size());
    } else {
        auto const& slice = std::get<FileSlice>(request_.body);
        try {
            base::read_all(slice.file->descriptor(), slice.offset + uploaded_, into);
        } catch (std::exception const&) {
            failed_to_read_ = true;
            return CURL_READFUNC_ABORT;
        }
    }
    uploaded_ += into.size();
    return into.size();
}

// curl sends a request again by itself when a kept connection ends without an answer. What changes something
// may have been done by then, which whoever asked has to know.
int CurlTransfer::on_ready(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    bool const is_safe = transfer.request_.verb == Verb::get || transfer.request_.verb == Verb::head;
    return ++transfer.times_sent_ > 1 && !is_safe ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

int CurlTransfer::on_seek(void* self, curl_off_t offset, int origin) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    if (origin != SEEK_SET || offset < 0 ||
        static_cast<std::uint64_t>(offset) > body_size(transfer.request_)) {
        return CURL_SEEKFUNC_FAIL;
    }
    transfer.uploaded_ = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

std::size_t CurlTransfer::on_header(char const* line, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    try {
        transfer.take_header({line, size * count});
        return size * count;
    } catch (...) {
        transfer.exception_ = std::current_exception();
        return 0;
    }
}

void CurlTransfer::take_header(std::string_view line) {
    line = base::trim(line);
    if (line.starts_with("HTTP/")) {
        // What came before belonged to an interim answer, such as 100 Continue.
        response_.headers = {};
        return;
    }
    auto const colon = line.find(':');
    bool const is_full = std::distance(response_.headers.begin(), response_.headers.end()) >=
                         static_cast<std::ptrdiff_t>(kMostResponseFields);
    if (colon == std::string_view::npos || is_full) return;
    response_.headers.add(line.substr(0, colon), std::string(base::trim(line.substr(colon + 1))));
}

std::size_t CurlTransfer::on_body(char const* bytes, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<CurlTransfer*>(self);
    try {
        return transfer.take_body({bytes, size * count});
    } catch (...) {
        transfer.exception_ = std::current_exception();
        return CURL_WRITEFUNC_ERROR;
    }
}

std::size_t CurlTransfer::take_body(std::string_view bytes) {
    long status = 0;
    curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (body_.take(static_cast<int>(status), bytes)) return bytes.size();
    refused_body_ = true;
    return CURL_WRITEFUNC_ERROR;
}

base::Result<IncomingResponse, TransportError> CurlTransfer::result(CURLcode code) {
    if (exception_) std::rethrow_exception(exception_);
    if (code == CURLE_OK) {
        long status = 0;
        curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        response_.status = static_cast<int>(status);
        return std::move(response_);
    }
    if (refused_body_ && body_.why() == TransportFault::cancelled) return error(body_.why(), "cancelled");
    if (refused_body_) return error(body_.why(), "the answer is too large to be held in memory");
    if (failed_to_read_) return error(TransportFault::other, "the file to send could not be read to its end");
    auto const fault = fault_of(code);
    std::string text = curl().easy_strerror(code);
    if (code == CURLE_ABORTED_BY_CALLBACK) text = "the connection ended without an answer";
    // Only there does curl's longer text say something that its short one does not; elsewhere it may quote
    // the URL.
    if (fault == TransportFault::tls && detail_.front() != '\0') text = detail_.data();
    return error(fault, text);
}

TransportError CurlTransfer::error(TransportFault fault, std::string const& text) const {
    return {fault, authority_.empty() ? text : authority_ + ": " + text};
}

TransportFault CurlTransfer::fault_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return TransportFault::unresolved_host;
        case CURLE_COULDNT_CONNECT:
            return TransportFault::refused;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
            return TransportFault::tls;
        case CURLE_OPERATION_TIMEDOUT:
            return TransportFault::timed_out;
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_ABORTED_BY_CALLBACK:
            return TransportFault::interrupted;
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return TransportFault::bad_url;
        default:
            return TransportFault::other;
    }
}

}  // namespace bluebatch::http
