#pragma once

#include "emulator/media/input_file.hpp"
#include "emulator/media/output_file.hpp"
#include "emulator/media/progress.hpp"
#include "emulator/media/session.hpp"

#include <memory>
#include <vector>

namespace bluebatch::emulator::media {

// Everything one run works on. The steps of a run are functions over it, one file each.
struct Transcode {
    explicit Transcode(Session& owner) : session(owner), progress(owner) {}

    Session& session;
    std::vector<std::unique_ptr<InputFile>> inputs;
    std::vector<std::unique_ptr<OutputFile>> outputs;
    // Of all outputs, in their order.
    std::vector<OutputStream*> streams;
    Progress progress;

    std::uint64_t frames_repeated = 0;
    std::uint64_t frames_dropped = 0;
    std::uint64_t repeat_warning = 1000;
    std::uint64_t decoded = 0;
    std::uint64_t decode_errors = 0;
    // A failure to write ends its output but not the others; libav's code, which decides the exit code.
    int write_error = 0;
};

// Opens decoders and what needs no frame to be known, and prints the stream mapping.
Outcome<> prepare(Transcode& transcode);
// Reads, decodes, filters, encodes and writes until the end or a stop request, then writes the trailers.
Outcome<> run_to_end(Transcode& transcode);

// --- decoding
Outcome<> open_decoder(InputStream& input);
// nullptr drains the decoder. True while it has more to give.
Outcome<bool> process_packet(Transcode& transcode, InputStream& input, AVPacket const* packet);

// --- filtering and encoding
// What the filters have ready goes to the encoders; `end` also ends streams whose filters ended.
enum class Reap { ready, end };
Outcome<> reap_filters(Transcode& transcode, Reap reap);
Outcome<> initialize(Transcode& transcode, OutputStream& output, AVFrame* first_frame);
// nullptr flushes the encoder; libav's code.
Outcome<int> encode(Transcode& transcode, OutputStream& output, AVFrame const* frame);
// As `encode`, once the frame need not wait for other streams; it ends at `end` in the encoder's time base.
Outcome<> encode_frame(Transcode& transcode, OutputStream& output, AVFrame const& frame, std::int64_t end);
Outcome<> encode_video(Transcode& transcode, OutputStream& output, AVFrame* frame);
Outcome<> encode_subtitle(Transcode& transcode, OutputStream& output, AVSubtitle& subtitle);
Outcome<> flush_encoders(Transcode& transcode);
bool within_recording_time(OutputStream& output);
// In microseconds; what the filter graph's clock says becomes the encoder's. The result has a fraction.
double to_encoder_time(OutputStream& output, AVFrame& frame);

// --- copying
Outcome<> initialize_copy(OutputStream& output);
Outcome<> copy_packet(Transcode& transcode, InputStream& input, OutputStream& output, AVPacket const* packet);
// Whether what is read from the stream now belongs into the output.
bool takes_from(OutputStream const& output, InputStream const& input);

// --- writing
// Through the bitstream filters; with `end` they are drained and the packet is blank.
enum class PacketKind { data, end };
Outcome<> output_packet(Transcode& transcode, OutputStream& output, AVPacket* packet, PacketKind kind);
// Writes the header once every stream is initialized.
Outcome<> write_header_if_ready(Transcode& transcode, OutputFile& file);
Outcome<> write_trailer(OutputFile& file);

}  // namespace bluebatch::emulator::media
