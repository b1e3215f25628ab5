#include "emulator/blob/routes/pieces.hpp"

#include "emulator/blob/routes/scratch.hpp"
#include "shared/base/crc64.hpp"
#include "shared/base/file_io.hpp"
#include "shared/http/file_io.hpp"

#include <algorithm>
#include <span>

namespace bluebatch::emulator::blob::routes {
namespace {

void append_file(std::string& text, cases::FilePiece const& piece) {
    auto const start = text.size();
    text.resize(start + piece.length);
    base::read_all(piece.file->descriptor(), piece.offset, std::span{text}.subspan(start), "reading a blob");
}

class SourceHandle final : public http::FileHandle {
public:
    explicit SourceHandle(std::shared_ptr<store::ContentSource const> source) : source_(std::move(source)) {}
    int descriptor() const override { return source_->descriptor(); }
    void rest() const override { source_->rest(); }

private:
    std::shared_ptr<store::ContentSource const> source_;
};

std::uint64_t length_of(cases::Piece const& piece) {
    if (auto const* const file = std::get_if<cases::FilePiece>(&piece)) return file->length;
    if (auto const* const zeros = std::get_if<cases::Zeros>(&piece)) return zeros->length;
    return std::get<std::string>(piece).size();
}

template <class Digest>
void digest_body(http::Response const& response, Digest& digest) {
    digest.update(response.text);
    for (auto const& slice : response.slices)
        http::read_in_pieces(slice, [&](std::span<char const> piece) {
            digest.update(std::as_bytes(piece));
        });
}

}  // namespace

void add_pieces(
    http::Response& response, std::vector<cases::Piece> pieces, std::filesystem::path const& spool_folder
) {
    Scratch scratch(spool_folder);
    for (auto& piece : pieces) {
        bool const fits = response.slices.empty() && response.text.size() + length_of(piece) <= kTextLimit;
        if (auto* const file = std::get_if<cases::FilePiece>(&piece)) {
            if (fits) {
                append_file(response.text, *file);
                continue;
            }
            response.slices.push_back(
                {std::make_shared<SourceHandle const>(std::move(file->file)), file->offset, file->length}
            );
        } else if (auto const* const zeros = std::get_if<cases::Zeros>(&piece)) {
            if (fits) {
                response.text.append(zeros->length, '\0');
            } else {
                response.slices.push_back(scratch.append_hole(zeros->length));
            }
        } else if (fits) {
            response.text += std::get<std::string>(piece);
        } else {
            response.slices.push_back(scratch.append(std::get<std::string>(piece)));
        }
    }
}

base::Md5Digest md5_of(http::Response const& response) {
    base::Md5 digest;
    digest_body(response, digest);
    return std::move(digest).finish();
}

std::uint64_t crc64_of(http::Response const& response) {
    base::Crc64 digest;
    digest_body(response, digest);
    return digest.value();
}

}  // namespace bluebatch::emulator::blob::routes
