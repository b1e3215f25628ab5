#include "client/cli/progress.hpp"

#include "client/cli/durations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::size_t kWidth = 28;
constexpr std::chrono::milliseconds kBetweenDrawings{100};

}  // namespace

std::string draw_bar(std::string_view what, double share, std::string_view detail) {
    auto const filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(kWidth));
    std::string bar(filled, '=');
    if (filled < kWidth) bar += '>';
    return fmt::format("{} [{:<{}}] {}", what, bar, kWidth, detail);
}

TransferProgress::TransferProgress(
    Console& console, base::Clock const& clock, std::string what, std::size_t files, std::uint64_t bytes
)
    : console_(console), clock_(clock), what_(std::move(what)), files_(files), bytes_(bytes) {}

void TransferProgress::add(std::int64_t bytes) {
    std::scoped_lock const lock(mutex_);
    bytes_done_ += bytes;
    draw();
}

void TransferProgress::file_done() {
    std::scoped_lock const lock(mutex_);
    ++files_done_;
    draw();
}

void TransferProgress::draw() {
    if (!console_.shows_status()) return;
    auto const now = clock_.now();
    if (now - drawn_ < kBetweenDrawings) return;
    drawn_ = now;
    auto const done = static_cast<std::uint64_t>(std::max<std::int64_t>(bytes_done_, 0));
    auto const share = bytes_ == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(bytes_);
    console_.status(draw_bar(
        what_,
        share,
        fmt::format("{}/{} files, {} of {}", files_done_, files_, to_size(done), to_size(bytes_))
    ));
}

}  // namespace bluebatch::cli
