#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace bluebatch::base {

// Large files that nothing names any more, kept for a moment for whoever writes the next one. Writing over
// what a file holds costs the kernel much less than removing it and filling another: its pages are there
// already. Failures throw std::system_error. Thread-safe.
class SpareFiles {
public:
    struct Limits {
        std::uint64_t least_size = 1 << 20;     // smaller ones are not worth it
        std::uint64_t most_bytes = 512 << 20;   // of all together
        std::uint64_t least_free = 4ULL << 30;  // nothing is kept while the disk has less room
    };
    struct Taken {
        std::filesystem::path path;
        UniqueDescriptor descriptor;  // at the file's first byte, for writing
    };

    // They lie in this folder. It and the clock outlive them.
    SpareFiles(std::filesystem::path folder, Clock const& clock);
    SpareFiles(std::filesystem::path folder, Clock const& clock, Limits limits);
    ~SpareFiles();
    SpareFiles(SpareFiles const&) = delete;
    SpareFiles& operator=(SpareFiles const&) = delete;

    // Takes the file out of its place, which must be on the same file system. False when it is still there.
    // `is_untouched` is asked once nobody can find the file any more: if not, it is removed.
    bool keep(std::filesystem::path const& file, std::function<bool()> const& is_untouched);
    // One of them, which is the caller's own from now on. It still holds what it held: who writes less than
    // that cuts the rest off.
    std::optional<Taken> take();
    bool empty() const;
    // Removes those that have been kept for a second.
    void remove_stale();

private:
    struct Spare {
        std::filesystem::path path;
        std::uint64_t size;
        TimePoint since;  // of the machine's clock, which goes on while a virtual one stands
    };

    std::optional<std::uint64_t> size_worth_keeping(std::filesystem::path const& file) const;
    // A path for it, when there is room.
    std::optional<std::filesystem::path> make_room(std::uint64_t size);
    void give_up_room(std::uint64_t size);

    std::filesystem::path folder_;
    Clock const& clock_;
    Limits limits_;
    mutable std::mutex mutex_;
    std::vector<Spare> spares_;  // the one kept last comes last
    std::uint64_t bytes_ = 0;    // of these and of those that are being put here
    std::uint64_t next_name_ = 0;
};

}  // namespace bluebatch::base
