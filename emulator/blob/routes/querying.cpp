#include "emulator/blob/cases/reading.hpp"
#include "emulator/blob/query/engine.hpp"
#include "emulator/blob/query/parser.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/scratch.hpp"
#include "emulator/blob/wire/query_request.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/file_io.hpp"
#include "shared/http/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;

// The bytes of a blob, piece after piece.
class PieceSource : public query::Source {
public:
    explicit PieceSource(std::vector<cases::Piece> const& pieces) : pieces_(pieces) {}

    std::size_t read(std::span<char> into) override {
        while (next_ < pieces_.size()) {
            auto const& piece = pieces_[next_];
            if (auto const count = read_piece(piece, into)) return count;
            if (auto const* const file = std::get_if<cases::FilePiece>(&piece)) file->file->rest();
            ++next_;
            done_ = 0;
        }
        return 0;
    }

private:
    std::size_t read_piece(cases::Piece const& piece, std::span<char> into) {
        if (auto const* const bytes = std::get_if<std::string>(&piece)) {
            auto const count = bytes->copy(into.data(), into.size(), done_);
            done_ += count;
            return count;
        }
        if (auto const* const zeros = std::get_if<cases::Zeros>(&piece)) {
            auto const count = std::min<std::uint64_t>(into.size(), zeros->length - done_);
            std::ranges::fill(into.first(count), '\0');
            done_ += count;
            return count;
        }
        auto const& file = std::get<cases::FilePiece>(piece);
        auto const count = std::min<std::uint64_t>(into.size(), file.length - done_);
        base::read_all(file.file->descriptor(), file.offset + done_, into.first(count), "reading a blob");
        done_ += count;
        return count;
    }

    std::vector<cases::Piece> const& pieces_;
    std::size_t next_ = 0;
    std::uint64_t done_ = 0;  // of the piece
};

// The body of the answer: text while it is short, then one growing file.
class ResponseSink : public query::Sink {
public:
    ResponseSink(http::Response& response, std::filesystem::path const& spool_folder)
        : response_(response), scratch_(spool_folder) {}

    void write(std::string_view bytes) override {
        if (response_.slices.empty() && response_.text.size() + bytes.size() <= kTextLimit) {
            response_.text += bytes;
            return;
        }
        auto slice = scratch_.append(bytes);
        if (response_.slices.empty()) {
            response_.slices.push_back(std::move(slice));
        } else {
            response_.slices.back().length += slice.length;
        }
    }

    bool is_wanted() override {
        has_lost_client_ = has_lost_client_ || http::client_has_left();
        return !has_lost_client_;
    }
    // What has been written is not the whole answer then.
    bool has_lost_client() const { return has_lost_client_; }

private:
    http::Response& response_;
    Scratch scratch_;
    bool has_lost_client_ = false;
};

azure::StorageError query_error(query::QueryError const& error) {
    return azure::StorageError{StorageErrorCode::error_processing_query_expression}.with_message(error.message
    );
}

http::Response start_response(Call const& call, cases::BlobContent const& content) {
    auto response = empty_response(content.range ? 206 : 200);
    wire::add_blob(response.headers, content.blob, {}, call.context.clock.now());
    // These describe the blob; what is sent is not the blob.
    for (auto const name : {"Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control"}) {
        response.headers.erase(name);
    }
    response.headers.set("Content-Type", "avro/binary");
    if (content.range) {
        auto const [offset, length] = *content.range;
        response.headers.set(
            "Content-Range", fmt::format("bytes {}-{}/{}", offset, offset + length - 1, content.blob.size)
        );
    }
    response.framing = http::Framing::chunked;
    return response;
}

}  // namespace

Answer query_blob_contents(Call& call) {
    auto request = wire::parse_query_request(call.request.body.bytes);
    if (!request) return request.error();
    auto parsed = query::parse_query(request->expression);
    if (!parsed) return query_error(parsed.error());
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const range = call.headers().find("x-ms-range").value_or(call.headers().get("Range"));
    auto const content =
        cases::read_content(call.context, call.address(), {std::string{range}, *std::move(guard)});
    if (!content) return content.error();
    if (content->blob.kind != store::BlobKind::block) return StorageErrorCode::invalid_blob_type;

    auto const extent = content->range.value_or(rules::ByteRange{0, content->blob.size});
    query::SyncMarker marker{};
    call.context.random.fill(marker);
    auto response = start_response(call, *content);
    PieceSource source(content->pieces);
    ResponseSink sink(response, call.context.storage.spool_folder());
    http::WaitingElsewhere const computing;
    auto const error = query::run(
        {*std::move(parsed),
         std::move(request->input),
         std::move(request->output),
         extent.offset,
         extent.length,
         call.context.clock.now()},
        source,
        sink,
        marker
    );
    if (error) return query_error(*error);
    // Who has only closed one direction still reads.
    if (sink.has_lost_client()) return StorageErrorCode::operation_timed_out;
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
