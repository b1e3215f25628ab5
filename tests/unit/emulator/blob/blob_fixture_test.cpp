#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <unistd.h>

namespace bluebatch::emulator::blob {

std::string BlobFixture::body_of(http::Response const& response) {
    auto body = response.text;
    for (auto const& slice : response.slices) {
        std::string piece(slice.length, '\0');
        auto const count =
            ::pread(slice.file->descriptor(), piece.data(), piece.size(), static_cast<off_t>(slice.offset));
        EXPECT_EQ(count, static_cast<ssize_t>(slice.length));
        body += piece;
    }
    return body;
}

}  // namespace bluebatch::emulator::blob
