#include "emulator/batch/files/beneath.hpp"

#include "shared/base/text.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

#include <sys/syscall.h>

#include <cerrno>

namespace bluebatch::emulator::batch::files {
namespace {

Descriptor open_with_kernel(int folder, std::string const& clean, int flags) {
    ::open_how how{};
    how.flags = static_cast<unsigned>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return Descriptor(static_cast<int>(::syscall(SYS_openat2, folder, clean.c_str(), &how, sizeof how)));
}

// One step at a time, none of them a link.
Descriptor open_step_by_step(int folder, std::string const& clean, int flags) {
    Descriptor current(::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    auto const steps = base::split(clean, '/');
    for (std::size_t i = 0; i < steps.size() && current.is_open(); ++i) {
        bool const is_last = i + 1 == steps.size();
        int const step_flags = is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
        current = Descriptor(::openat(current.get(), std::string(steps[i]).c_str(), step_flags | O_NOFOLLOW));
    }
    return current;
}

}  // namespace

Descriptor::~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = other.release();
    }
    return *this;
}

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

Descriptor open_beneath(int folder, std::string const& clean, int flags) {
    if (clean.empty()) return Descriptor(::openat(folder, ".", flags));
    auto opened = open_with_kernel(folder, clean, flags);
    bool const is_unknown = !opened.is_open() && (errno == ENOSYS || errno == EPERM);
    return is_unknown ? open_step_by_step(folder, clean, flags) : std::move(opened);
}

}  // namespace bluebatch::emulator::batch::files
