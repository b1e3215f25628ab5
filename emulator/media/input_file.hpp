#pragma once

#include "emulator/media/input_stream.hpp"
#include "emulator/media/options/command_line.hpp"
#include "emulator/media/outcome.hpp"
#include "emulator/media/session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bluebatch::emulator::media {

// An opened input, sought to its start, with its streams. Nothing is read from it before a stream is used.
class InputFile {
public:
    static Outcome<std::unique_ptr<InputFile>> open(Session& session, options::FileGroup& group, int index);

    int index = 0;
    // As the command line names it.
    std::string name;
    InputContext context;
    std::vector<std::unique_ptr<InputStream>> streams;

    // In microseconds. Packets' times are shifted by ts_offset; -ss and -t told before -i limit what is used.
    std::int64_t ts_offset = 0;
    std::int64_t start_time = kNoTime;
    std::int64_t recording_time = kUnlimited;
    std::int64_t last_time = kNoTime;
    std::int64_t user_offset = 0;
    bool accurate_seek = true;
    bool at_end = false;
    std::size_t streams_warned_of = 0;

private:
    Outcome<> open_context(Session& session, options::FileGroup& group);
    Outcome<> probe_streams(options::FileGroup& group);
    Outcome<> seek(options::FileGroup const& group);
    Outcome<> add_streams(Session& session, options::FileGroup& group);
    Outcome<> add_stream(Session& session, options::FileGroup& group, AVStream* stream);
    Outcome<> check_unused_options(options::FileGroup const& group) const;
};

}  // namespace bluebatch::emulator::media
