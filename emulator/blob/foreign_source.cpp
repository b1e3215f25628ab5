#include "emulator/blob/foreign_source.hpp"

#include "emulator/blob/rules/names.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"
#include "shared/http/body_receiver.hpp"
#include "shared/http/status.hpp"
#include "shared/http/waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bluebatch::emulator::blob {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

constexpr int kPartial = 206;
constexpr int kStillTheSame = 304;
constexpr int kForbidden = 403;
constexpr int kMethodNotAllowed = 405;
constexpr int kConditionNotMet = 412;
constexpr int kRangeNotSatisfiable = 416;
constexpr int kNotImplemented = 501;
// Bearer tokens need a version; this is the first with everything that is asked for here.
constexpr char const* kAzureVersion = "2021-12-02";

http::OutgoingRequest make_request(http::Verb verb, ForeignSource const& source, std::string const& range) {
    http::OutgoingRequest request{.verb = verb, .url = source.url, .headers = source.conditions};
    request.stall_timeout = std::chrono::seconds{30};
    if (!range.empty()) request.headers.set("Range", range);
    if (!source.authorization.empty()) {
        request.headers.set("Authorization", source.authorization);
        request.headers.set("x-ms-version", kAzureVersion);
    }
    return request;
}

StorageError explain(http::TransportError const& error) {
    constexpr int kBadRequest = 400;
    constexpr int kServerFault = 500;
    switch (error.fault) {
        case http::TransportFault::timed_out:
        case http::TransportFault::interrupted:
        case http::TransportFault::cancelled:
            return cases::source_error(
                kServerFault, "", "Could not verify the copy source within the specified timeout."
            );
        default:
            return cases::source_error(kBadRequest, "", "The copy source can't be reached: " + error.message);
    }
}

// What a storage service says of its own faults, where the source is one.
std::string error_code_of(http::IncomingResponse const& response) {
    constexpr std::size_t kLongest = 100;
    std::string code{response.headers.get("x-ms-error-code")};
    if (code.empty()) {
        auto const document = codec::parse_xml(response.body);
        auto const* const element = document ? document->find("Code") : nullptr;
        if (element != nullptr) code = element->text;
    }
    bool const is_word = code.size() <= kLongest && std::ranges::all_of(code, [](char letter) {
                             return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                                    (letter >= '0' && letter <= '9');
                         });
    return is_word ? code : std::string{};
}

StorageError explain(http::IncomingResponse const& response) {
    if (response.status == kStillTheSame || response.status == kConditionNotMet) {
        return StorageErrorCode::source_condition_not_met;
    }
    return cases::source_error(
        response.status, error_code_of(response), std::string{http::reason_phrase(response.status)}
    );
}

bool is_success(int status) {
    return status >= 200 && status < 300;
}

store::BlobKind kind_of(http::Headers const& headers) {
    auto const text = headers.get("x-ms-blob-type");
    if (base::equal_ignoring_case(text, "AppendBlob")) return store::BlobKind::append;
    if (base::equal_ignoring_case(text, "PageBlob")) return store::BlobKind::page;
    return store::BlobKind::block;
}

std::optional<std::uint64_t> size_of(http::IncomingResponse const& response) {
    if (auto const range = response.headers.find("Content-Range")) {
        auto const slash = range->rfind('/');
        if (slash == std::string_view::npos) return std::nullopt;
        return base::parse_number<std::uint64_t>(range->substr(slash + 1));
    }
    return base::parse_number<std::uint64_t>(response.headers.get("Content-Length"));
}

// What can't be kept or shown is left out: a stranger wrote it.
ForeignState state_of(http::IncomingResponse const& response) {
    constexpr std::string_view kMetadataPrefix = "x-ms-meta-";
    constexpr std::size_t kMd5Size = 16;
    auto const& headers = response.headers;
    ForeignState state;
    state.etag = headers.get("ETag");
    state.blob.kind = kind_of(headers);
    state.blob.size = size_of(response);
    auto& content = state.blob.content;
    auto const text_of = [&](std::string_view name) {
        auto const text = headers.get(name);
        return std::string{codec::is_xml_text(text) ? text : std::string_view{}};
    };
    if (auto type = text_of("Content-Type"); !type.empty()) content.type = std::move(type);
    content.encoding = text_of("Content-Encoding");
    content.language = text_of("Content-Language");
    content.disposition = text_of("Content-Disposition");
    content.cache_control = text_of("Cache-Control");
    bool const is_part = headers.has("Content-Range");
    auto md5 = base::parse_base64(headers.get(is_part ? "x-ms-blob-content-md5" : "Content-MD5"));
    if (md5 && md5->size() == kMd5Size) content.md5 = *std::move(md5);
    for (auto const& field : headers) {
        if (!base::starts_with_ignoring_case(field.name, kMetadataPrefix)) continue;
        state.blob.metadata.emplace_back(field.name.substr(kMetadataPrefix.size()), field.value);
    }
    if (rules::find_metadata_fault(state.blob.metadata)) state.blob.metadata.clear();
    return state;
}

// Of servers that have no HEAD, or whose signed URLs don't allow it.
bool may_answer_get(int status) {
    return status == kForbidden || status == kMethodNotAllowed || status == kNotImplemented;
}

bool has_range(http::IncomingResponse const& response, std::string const& range) {
    if (range.empty() || response.status == kPartial) return true;
    // The whole is as good where it begins with what was asked for; the plan's limit sees to its end.
    return range.starts_with("bytes=0-");
}

}  // namespace

StorageResult<ForeignState> ForeignReader::look(ForeignSource const& source, std::stop_token stop) const {
    http::WaitingElsewhere const waiting;
    auto response = client_.send(make_request(http::Verb::head, source, {}), {}, stop);
    if (!response) return explain(response.error());
    if (is_success(response->status)) return state_of(*response);
    if (!may_answer_get(response->status)) return explain(*response);

    // The body is of no interest, but its length is: of a server that knows no ranges, only that there is
    // one.
    auto const sink = [](std::span<std::byte const> bytes) { return bytes.size() <= 1; };
    response = client_.send(make_request(http::Verb::get, source, "bytes=0-0"), sink, stop);
    if (!response && response.error().fault == http::TransportFault::cancelled && !stop.stop_requested()) {
        return ForeignState{};
    }
    if (!response) return explain(response.error());
    bool const is_empty = response->status == kRangeNotSatisfiable && size_of(*response) == 0;
    if (is_success(response->status) || is_empty) return state_of(*response);
    return explain(*response);
}

StorageResult<ForeignBody> ForeignReader::read(
    ForeignSource const& source,
    std::string const& range,
    http::BodyPlan const& plan,
    Progress const& progress,
    std::stop_token stop
) const {
    http::WaitingElsewhere const waiting;
    http::BodyReceiver receiver(plan, std::nullopt);
    bool is_too_large = false;
    auto const sink = [&](std::span<std::byte const> bytes) {
        std::string_view const text{reinterpret_cast<char const*>(bytes.data()), bytes.size()};
        is_too_large = !receiver.append(text);
        return !is_too_large && (!progress || progress(receiver.size()));
    };
    auto const response = client_.send(make_request(http::Verb::get, source, range), sink, stop);
    if (is_too_large) return cases::source_too_large(plan.limit);
    if (!response) return explain(response.error());
    if (!is_success(response->status)) return explain(*response);
    if (!has_range(*response, range)) {
        return cases::source_error(response->status, "", "The copy source does not serve ranges.");
    }
    return ForeignBody{state_of(*response), std::move(receiver).finish()};
}

}  // namespace bluebatch::emulator::blob
