#include "emulator/node/process_use.hpp"

#include "shared/base/text.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 1000;

// proc(5) counts the fields of stat from 1; these are the ones behind the name, which is the second.
constexpr std::size_t kFirstBehindName = 3;
constexpr std::size_t kTimesBegin = 14;  // utime, stime, cutime, cstime
constexpr std::size_t kTimesEnd = 18;
constexpr std::size_t kResidentPages = 24;

std::string read_file(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

base::Ticks from_clock_ticks(std::uint64_t ticks) {
    static auto const per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return std::chrono::duration_cast<base::Ticks>(std::chrono::milliseconds{ticks * 1000 / per_second});
}

void add(domain::ResourceUse& sum, domain::ResourceUse const& part) {
    sum.cpu_time += part.cpu_time;
    sum.disk_read_bytes += part.disk_read_bytes;
    sum.disk_write_bytes += part.disk_write_bytes;
    sum.disk_reads += part.disk_reads;
    sum.disk_writes += part.disk_writes;
    sum.memory_bytes += part.memory_bytes;
}

// Each thread has its own list, which kernels without that option do not have.
std::vector<pid_t> children_of(pid_t process) {
    std::vector<pid_t> children;
    std::error_code error;
    fs::path const threads = "/proc/" + std::to_string(process) + "/task";
    for (fs::directory_iterator it(threads, error), end; !error && it != end; it.increment(error)) {
        auto const list = read_file(it->path() / "children");
        for (auto const word : base::split(list, ' '))
            if (auto const child = base::parse_number<pid_t>(word)) children.push_back(*child);
    }
    return children;
}

domain::ResourceUse read_use(fs::path const& process, ProcessStatus const& status) {
    domain::ResourceUse use;
    use.cpu_time = status.cpu_time;
    use.memory_bytes = status.memory_bytes;
    parse_process_io(read_file(process / "io"), use);
    return use;
}

}  // namespace

std::optional<ProcessStatus> parse_process_status(std::string_view stat) {
    // The name may hold blanks and parentheses.
    auto const name_end = stat.rfind(')');
    if (name_end == std::string_view::npos) return std::nullopt;
    auto const fields = base::split(base::trim(stat.substr(name_end + 1)), ' ');
    auto const number = [&](std::size_t field) -> std::uint64_t {
        auto const index = field - kFirstBehindName;
        if (index >= fields.size()) return 0;
        return base::parse_number<std::uint64_t>(fields[index]).value_or(0);
    };
    if (fields.size() <= kResidentPages - kFirstBehindName) return std::nullopt;
    ProcessStatus status;
    std::uint64_t times = 0;
    for (auto field = kTimesBegin; field < kTimesEnd; ++field)
        times += number(field);
    status.cpu_time = from_clock_ticks(times);
    status.memory_bytes = number(kResidentPages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return status;
}

void parse_process_io(std::string_view io, domain::ResourceUse& use) {
    for (auto const line : base::split(io, '\n')) {
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        auto const name = line.substr(0, colon);
        auto const number = base::parse_number<std::uint64_t>(base::trim(line.substr(colon + 1))).value_or(0);
        if (name == "read_bytes") use.disk_read_bytes = number;
        if (name == "write_bytes") use.disk_write_bytes = number;
        if (name == "syscr") use.disk_reads = number;
        if (name == "syscw") use.disk_writes = number;
    }
}

domain::ResourceUse read_process_use(pid_t process) {
    fs::path const folder = "/proc/" + std::to_string(process);
    auto const status = parse_process_status(read_file(folder / "stat"));
    return status ? read_use(folder, *status) : domain::ResourceUse{};
}

domain::ResourceUse read_tree_use(pid_t root) {
    domain::ResourceUse sum;
    std::vector<pid_t> processes{root};
    for (std::size_t next = 0; next < processes.size(); ++next) {
        add(sum, read_process_use(processes[next]));
        for (pid_t const child : children_of(processes[next]))
            if (processes.size() < kMostProcesses) processes.push_back(child);
    }
    return sum;
}

}  // namespace bluebatch::emulator::node
