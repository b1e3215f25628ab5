#pragma once

#include "client/cli/console.hpp"
#include "shared/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// "Uploading [=======>            ] 12/40 files, 30.1 of 80.0 MiB"
std::string draw_bar(std::string_view what, double share, std::string_view detail);

// A bar on the terminal's last line, redrawn at most ten times a second. Thread-safe.
class TransferProgress {
public:
    TransferProgress(
        Console& console, base::Clock const& clock, std::string what, std::size_t files, std::uint64_t bytes
    );
    void add(std::int64_t bytes);
    void file_done();

private:
    void draw();

    Console& console_;
    base::Clock const& clock_;
    std::string what_;
    std::size_t files_;
    std::uint64_t bytes_;
    std::mutex mutex_;
    std::size_t files_done_ = 0;
    std::int64_t bytes_done_ = 0;
    base::TimePoint drawn_;
};

}  // namespace bluebatch::cli
