#include "emulator/batch/files/beneath.hpp"

#include "shared/base/text.hpp"

#include <fcntl.h>
#include <linux/openat2.h>

#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

namespace bluebatch::emulator::batch::files {
namespace {

base::UniqueDescriptor open_with_kernel(
    int folder, std::string const& clean, int flags, std::uint64_t resolve
) {
    ::open_how how{};
    how.flags = static_cast<unsigned>(flags);
    how.resolve = resolve;
    return base::UniqueDescriptor(
        static_cast<int>(::syscall(SYS_openat2, folder, clean.c_str(), &how, sizeof how))
    );
}

// One step at a time, none of them a link.
base::UniqueDescriptor open_step_by_step(int folder, std::string const& clean, int flags) {
    base::UniqueDescriptor current(::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    auto const steps = base::split(clean, '/');
    for (std::size_t i = 0; i < steps.size() && current; ++i) {
        bool const is_last = i + 1 == steps.size();
        int const step_flags = is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
        current = base::UniqueDescriptor(
            ::openat(current.get(), std::string(steps[i]).c_str(), step_flags | O_NOFOLLOW)
        );
    }
    return current;
}

base::UniqueDescriptor open_resolved(int folder, std::string const& clean, int flags, std::uint64_t resolve) {
    auto opened = open_with_kernel(folder, clean, flags, resolve);
    bool const is_unknown = !opened && (errno == ENOSYS || errno == EPERM);
    return is_unknown ? open_step_by_step(folder, clean, flags) : std::move(opened);
}

}  // namespace

std::optional<std::string> clean_path(std::string_view path) {
    if (path.starts_with('/') || path.find('\0') != std::string_view::npos) return std::nullopt;
    std::string clean;
    for (auto const step : base::split(path, '/')) {
        if (step == "..") return std::nullopt;
        if (step.empty() || step == ".") continue;
        if (!clean.empty()) clean += '/';
        clean += step;
    }
    return clean;
}

base::UniqueDescriptor open_beneath(int folder, std::string const& clean, int flags) {
    if (clean.empty()) return base::UniqueDescriptor(::openat(folder, ".", flags));
    return open_resolved(folder, clean, flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}

base::UniqueDescriptor open_without_links(int folder, std::string const& clean, int flags) {
    return open_resolved(folder, clean, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

}  // namespace bluebatch::emulator::batch::files
