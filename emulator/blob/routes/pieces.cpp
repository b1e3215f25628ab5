#include "emulator/blob/routes/pieces.hpp"

#include "emulator/blob/routes/scratch.hpp"
#include "shared/base/crc64.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::blob::routes {
namespace {

[[noreturn]] void fail(char const* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

void append_file(std::string& text, cases::FilePiece const& piece) {
    auto const start = text.size();
    text.resize(start + piece.length);
    std::uint64_t done = 0;
    while (done < piece.length) {
        auto const count = ::pread(
            piece.file->descriptor(),
            text.data() + start + done,
            piece.length - done,
            static_cast<off_t>(piece.offset + done)
        );
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("reading a blob");
        if (count == 0) throw std::runtime_error("a content file is shorter than its row says");
        done += static_cast<std::uint64_t>(count);
    }
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
    std::array<std::byte, 64 << 10> buffer{};
    for (auto const& slice : response.slices) {
        std::uint64_t done = 0;
        while (done < slice.length) {
            auto const wanted = std::min<std::uint64_t>(buffer.size(), slice.length - done);
            auto const count = ::pread(
                slice.file->descriptor(), buffer.data(), wanted, static_cast<off_t>(slice.offset + done)
            );
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) fail("reading a blob");
            digest.update(std::span<std::byte const>{buffer.data(), static_cast<std::size_t>(count)});
            done += static_cast<std::uint64_t>(count);
        }
        slice.file->rest();
    }
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
