#include "shared/base/spare_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace bluebatch::base {
namespace {

constexpr std::chrono::seconds kLongestStay{1};

void remove_spare(std::filesystem::path const& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        throw std::system_error(errno, std::generic_category(), path.string());
}

}  // namespace

SpareFiles::SpareFiles(std::filesystem::path folder, Clock const& clock)
    : SpareFiles(std::move(folder), clock, Limits{}) {}

SpareFiles::SpareFiles(std::filesystem::path folder, Clock const& clock, Limits limits)
    : folder_(std::move(folder)), clock_(clock), limits_(limits) {}

SpareFiles::~SpareFiles() {
    for (auto const& spare : spares_)
        ::unlink(spare.path.c_str());
}

bool SpareFiles::keep(std::filesystem::path const& file, std::function<bool()> const& is_untouched) {
    auto const size = size_worth_keeping(file);
    if (!size) return false;
    auto path = make_room(*size);
    if (!path) return false;
    if (::rename(file.c_str(), path->c_str()) != 0) {
        give_up_room(*size);
        return false;
    }
    if (!is_untouched()) {
        give_up_room(*size);
        remove_spare(*path);
        return true;
    }
    std::scoped_lock const lock(mutex_);
    spares_.push_back({*std::move(path), *size, clock_.machine_now()});
    return true;
}

std::optional<SpareFiles::Taken> SpareFiles::take() {
    std::unique_lock lock(mutex_);
    if (spares_.empty()) return std::nullopt;
    auto spare = std::move(spares_.back());
    spares_.pop_back();
    bytes_ -= spare.size;
    lock.unlock();
    UniqueDescriptor descriptor{::open(spare.path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!descriptor) {
        ::unlink(spare.path.c_str());
        return std::nullopt;
    }
    return Taken{std::move(spare.path), std::move(descriptor)};
}

bool SpareFiles::empty() const {
    std::scoped_lock const lock(mutex_);
    return spares_.empty();
}

void SpareFiles::remove_stale() {
    auto const now = clock_.machine_now();
    std::vector<Spare> stale;
    {
        std::scoped_lock const lock(mutex_);
        // Clocks are set back at times.
        auto const is_stale = [now](Spare const& spare) {
            return now - spare.since >= kLongestStay || now < spare.since;
        };
        auto const fresh = std::ranges::stable_partition(spares_, is_stale).begin();
        std::move(spares_.begin(), fresh, std::back_inserter(stale));
        spares_.erase(spares_.begin(), fresh);
        for (auto const& spare : stale)
            bytes_ -= spare.size;
    }
    for (auto const& spare : stale)
        remove_spare(spare.path);
}

std::optional<std::uint64_t> SpareFiles::size_worth_keeping(std::filesystem::path const& file) const {
    struct ::stat status {};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    auto const size = static_cast<std::uint64_t>(status.st_size);
    if (size < limits_.least_size || size > limits_.most_bytes) return std::nullopt;
    std::error_code failure;
    auto const disk = std::filesystem::space(folder_, failure);
    if (failure || disk.available < limits_.least_free) return std::nullopt;
    return size;
}

std::optional<std::filesystem::path> SpareFiles::make_room(std::uint64_t size) {
    std::scoped_lock const lock(mutex_);
    if (bytes_ > limits_.most_bytes - size) return std::nullopt;
    bytes_ += size;
    return folder_ / fmt::format("spare-{}", next_name_++);
}

void SpareFiles::give_up_room(std::uint64_t size) {
    std::scoped_lock const lock(mutex_);
    bytes_ -= size;
}

}  // namespace bluebatch::base
