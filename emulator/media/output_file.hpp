#pragma once

#include "emulator/media/frame_gate.hpp"
#include "emulator/media/options/command_line.hpp"
#include "emulator/media/outcome.hpp"
#include "emulator/media/output_stream.hpp"
#include "emulator/media/session.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bluebatch::emulator::media {

class InputFile;
using Inputs = std::span<std::unique_ptr<InputFile> const>;

// An output whose streams are chosen and whose file is open. The header is written once every stream's
// encoder is.
class OutputFile {
public:
    static Outcome<std::unique_ptr<OutputFile>> open(
        Session& session, options::FileGroup& group, Inputs inputs, int index
    );

    int index = 0;
    // As the command line names it.
    std::string name;
    OutputContext context;
    std::vector<std::unique_ptr<OutputStream>> streams;
    Dictionary muxer_options;
    // In microseconds.
    std::int64_t start_time = kNoTime;
    std::int64_t recording_time = kUnlimited;
    std::int64_t max_bytes = INT64_MAX;
    // nullptr when no stream that is encoded has a limit of frames.
    std::unique_ptr<FrameGate> gate;
    bool bitexact = false;
    bool header_written = false;
    bool trailer_written = false;

    std::int64_t start_or_zero() const { return start_time == kNoTime ? 0 : start_time; }

private:
    Outcome<> allocate(Session& session, options::FileGroup& group);
    Outcome<> open_file(Session& session, options::FileGroup& group, Inputs inputs);
    Outcome<> check_overwrite(Session& session, Inputs inputs) const;
    Outcome<> set_dispositions();
};

// The streams that -map names, or those that ffmpeg picks without it. An Exit when the choice is impossible.
Outcome<> select_streams(Session& session, options::FileGroup& group, Inputs inputs, OutputFile& file);

// Adds a stream that takes `source`, with all that the options of the group say of it.
Outcome<> add_output_stream(
    Session& session, options::FileGroup& group, OutputFile& file, InputStream& source
);

// -map_metadata, -map_chapters, -metadata and what is copied without them.
Outcome<> write_metadata(options::FileGroup& group, Inputs inputs, OutputFile& file);

}  // namespace bluebatch::emulator::media
