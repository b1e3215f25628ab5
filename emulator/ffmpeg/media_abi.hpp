#pragma once

#include <cstddef>

// What libbluebatch-media.so and the programs that load it agree on: C types only, one symbol. The library is
// built with the programs, so a version that differs means a broken installation.
extern "C" {

enum BluebatchStopRequest : int { kBluebatchGoOn = 0, kBluebatchFinish = 1, kBluebatchAbandon = 2 };

// Whose standard streams and working directory the process has: the job's own, or a whole emulator's.
enum BluebatchSurroundings : int { kBluebatchOwn = 0, kBluebatchShared = 1 };

struct BluebatchMediaJob {
    // Without the program's name.
    char const* const* arguments;
    std::size_t argument_count;
    char const* working_directory;
    int stdout_descriptor;
    int stderr_descriptor;
    BluebatchSurroundings surroundings;
    // Asked often, from the job's thread and those of its codecs.
    BluebatchStopRequest (*stop_request)(void* context);
    void* stop_context;
};

struct BluebatchMediaFunctions {
    int version;
    // The exit code. Several threads may be in these at once.
    int (*ffmpeg)(BluebatchMediaJob const* job);
    int (*ffprobe)(BluebatchMediaJob const* job);
    // 0 when the job can do all that the real program would. Else the name of what it cannot do in `option`
    // (cut to `size`, terminated), and the exit code of a program that does not know it.
    int (*ffmpeg_unsupported)(BluebatchMediaJob const* job, char* option, std::size_t size);
    int (*ffprobe_unsupported)(BluebatchMediaJob const* job, char* option, std::size_t size);
};

inline constexpr int kBluebatchMediaVersion = 1;
inline constexpr char kBluebatchMediaSymbol[] = "bluebatch_media_functions";
using BluebatchMediaEntry = BluebatchMediaFunctions const* (*)();

}  // extern "C"
