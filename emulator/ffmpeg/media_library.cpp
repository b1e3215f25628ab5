#include "emulator/ffmpeg/media_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace bluebatch::emulator::ffmpeg {

base::Result<BluebatchMediaFunctions const*> load_media_library(std::filesystem::path const& file) {
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return base::Failure{fmt::format("cannot load the media library: {}", ::dlerror())};
    void* const symbol = ::dlsym(library, kBluebatchMediaSymbol);
    if (symbol == nullptr) return base::Failure{fmt::format("{} is not the media library", file.string())};
    BluebatchMediaFunctions const* const functions = reinterpret_cast<BluebatchMediaEntry>(symbol)();
    if (functions->version != kBluebatchMediaVersion) {
        return base::Failure{fmt::format(
            "{} is of version {}, this program needs {}",
            file.string(),
            functions->version,
            kBluebatchMediaVersion
        )};
    }
    return functions;
}

}  // namespace bluebatch::emulator::ffmpeg
