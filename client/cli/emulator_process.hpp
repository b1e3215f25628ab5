#pragma once

#include "shared/base/result.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace bluebatch::cli {

// Where an emulator answers, as it writes it to its endpoints file.
struct EmulatorEndpoints {
    std::string blob;
    std::string batch;
};

base::Result<EmulatorEndpoints> read_endpoints_file(std::filesystem::path const& file);

// `bluebatch-emulator` beside this program, else on PATH.
std::optional<std::filesystem::path> find_emulator_program();

// An emulator that lives as long as this object, in memory and on ports of its own; it dies with this
// process, whatever ends it.
class EmulatorProcess {
public:
    // Returns once it answers. To be called on the thread that outlives it, the main one.
    static base::Result<EmulatorProcess> start(std::filesystem::path const& program, std::stop_token stop);

    EmulatorProcess(EmulatorProcess&& other) noexcept;
    EmulatorProcess& operator=(EmulatorProcess&&) = delete;
    ~EmulatorProcess();

    EmulatorEndpoints const& endpoints() const { return endpoints_; }
    pid_t pid() const { return pid_; }

private:
    EmulatorProcess(pid_t pid, std::filesystem::path folder);
    // Whether it has ended within that time.
    bool wait_for_end(std::chrono::milliseconds timeout) const;

    pid_t pid_ = -1;
    int descriptor_ = -1;  // readable when the process has ended
    std::filesystem::path folder_;
    EmulatorEndpoints endpoints_;
};

}  // namespace bluebatch::cli
