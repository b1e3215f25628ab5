#pragma once

#include "emulator/blob/query/reader.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::blob::query {

class Sink {
public:
    Sink() = default;
    virtual ~Sink() = default;
    Sink(Sink const&) = delete;
    Sink& operator=(Sink const&) = delete;
    virtual void write(std::string_view bytes) = 0;
    // Asked now and then: when nobody takes the rest any more, the query ends.
    virtual bool is_wanted() { return true; }
};

using SyncMarker = std::array<std::uint8_t, 16>;

// The answer of a query: an Avro object container whose records are result data, errors, progress and the
// end. Data is written in pieces of about 64 KiB.
class Answer {
public:
    Answer(Sink& sink, SyncMarker const& marker);
    // Result data is appended here; `poll` writes it once it is large enough.
    std::string& data() { return data_; }
    void poll();
    void error(bool is_fatal, ReadError error);
    void progress(std::uint64_t scanned, std::uint64_t total);
    void end(std::uint64_t total);
    bool is_wanted() { return sink_.is_wanted(); }

private:
    struct PendingError {
        bool is_fatal;
        ReadError error;
    };
    void flush();
    void write_block(std::string_view record);

    Sink& sink_;
    SyncMarker marker_;
    std::string data_;
    std::vector<PendingError> errors_;
    bool has_data_ = false;
};

}  // namespace bluebatch::emulator::blob::query
