#include "emulator/ffmpeg/installation.hpp"
#include "emulator/ffmpeg/media_library.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>

int main(int argc, char** argv) {
    auto const file = bluebatch::emulator::ffmpeg::find_media_library();
    if (!file) {
        std::cerr << file.error().message << "\n";
        return 1;
    }
    auto const f = bluebatch::emulator::ffmpeg::load_media_library(*file);
    if (!f) {
        std::cerr << f.error().message << "\n";
        return 1;
    }
    BluebatchMediaJob job{
        argv + 1, static_cast<std::size_t>(argc - 1), ".", 1, 2, kBluebatchOwn, nullptr, nullptr};
    char option[256];
    if ((*f)->ffmpeg_unsupported(&job, option, sizeof option)) {
        std::cerr << "unsupported " << option << "\n";
        return 1;
    }
    return (*f)->ffmpeg(&job);
}
