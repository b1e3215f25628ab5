// Application packages: any bytes as a zip file. Nothing may come to lie beside the folder, nor lead there.
#include "emulator/node/unpack.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/unique_descriptor.hpp"
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/support/temporary_directory.hpp"

#include <sys/mman.h>

namespace bluebatch::fuzz {
namespace {

namespace fs = std::filesystem;
namespace node = emulator::node;

constexpr node::UnpackLimits kLimits{50, 64 << 10};

void check_tree(fs::path const& folder, std::string_view input) {
    std::size_t entries = 0;
    std::uint64_t bytes = 0;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        ++entries;
        if (entry.is_symlink()) {
            auto const target = fs::weakly_canonical(entry.path());
            auto const relative = target.lexically_relative(fs::canonical(folder));
            check(!relative.string().starts_with(".."), "links stay inside", input);
        } else if (entry.is_regular_file()) {
            bytes += entry.file_size();
        } else {
            check(entry.is_directory(), "only files, folders and links", input);
        }
    }
    check(entries <= kLimits.entries && bytes <= kLimits.bytes, "limits hold", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static tests::TemporaryDirectory const directory;
    auto const input = to_text(data, size);
    auto const folder = directory.path() / "in";
    fs::create_directory(folder);
    base::UniqueDescriptor const archive(::memfd_create("archive", MFD_CLOEXEC));
    base::write_all(archive.get(), input);
    auto const done = node::unpack(archive.get(), folder, kLimits, {});
    if (!done) check(!done.error().message.empty(), "a failure says why", input);
    check_tree(folder, input);
    fs::remove_all(folder);
    check(fs::is_empty(directory.path()), "nothing lies beside the folder", input);
    return 0;
}

}  // namespace bluebatch::fuzz
