// Stands in for libFuzzer where there is none: g++, ctest.
#include "tests/fuzz/support/fuzz.hpp"
#include "tests/fuzz/support/mutator.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

// Called by sanitizers when they have found something. Empty without them.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

namespace fs = std::filesystem;

constexpr double kDefaultSeconds = 3;
constexpr std::uint64_t kDefaultRuns = 200'000;
// The processor time that one input may take. Inputs have at most a few kilobytes.
constexpr int kMostSecondsOfAnInput = 10;

// Where a handler of signals finds them.
std::string current_input;
std::string crash_file;

void save_input() {
    int const file = ::creat(crash_file.c_str(), 0644);
    auto const written = ::write(file, current_input.data(), current_input.size());
    std::fprintf(stderr, "the input is in %s (%ld bytes)\n", crash_file.c_str(), static_cast<long>(written));
}

extern "C" void on_signal(int signal) {
    char const* const what = signal == SIGVTALRM ? "the input took too long" : "the target crashed";
    std::fprintf(stderr, "%s (signal %d)\n", what, signal);
    save_input();
    std::_Exit(1);
}

// Signals that sanitizers handle themselves stay theirs.
void watch() {
    std::signal(SIGVTALRM, on_signal);
    std::signal(SIGABRT, on_signal);
    if (__sanitizer_set_death_callback != nullptr) {
        __sanitizer_set_death_callback(save_input);
        return;
    }
    // A stack that has overflown has no room for the handler.
    static std::array<char, 1 << 16> stack;
    stack_t const other_stack{stack.data(), 0, stack.size()};
    ::sigaltstack(&other_stack, nullptr);
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    for (int const signal : {SIGSEGV, SIGFPE, SIGBUS})
        ::sigaction(signal, &action, nullptr);
    // Memory that grows without bound ends in std::bad_alloc instead of a machine that swaps.
    constexpr rlim_t kMostMemory = rlim_t{2} << 30;
    rlimit const limit{kMostMemory, kMostMemory};
    ::setrlimit(RLIMIT_AS, &limit);
}

void run(std::string input) {
    current_input = std::move(input);
    itimerval const limit{{0, 0}, {kMostSecondsOfAnInput, 0}};
    ::setitimer(ITIMER_VIRTUAL, &limit, nullptr);
    // A copy of exactly this size, so that sanitizers see a byte read too far.
    std::vector<std::uint8_t> const bytes(current_input.begin(), current_input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string read_file(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> read_corpus(fs::path const& path) {
    if (fs::is_regular_file(path)) return {read_file(path)};
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator(path))
        files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<std::string> corpus;
    for (auto const& file : files)
        corpus.push_back(read_file(file));
    return corpus;
}

double number_from(char const* variable, double otherwise) {
    char const* const text = std::getenv(variable);
    return text != nullptr ? std::strtod(text, nullptr) : otherwise;
}

}  // namespace

// Usage: fuzz_NAME CORPUS_FOLDER | FILE. A file is run once; a folder is run and then mutated.
int main(int count, char** arguments) try {
    if (count != 2 || !fs::exists(arguments[1])) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER | FILE\n", arguments[0]);
        return 2;
    }
    crash_file = "crash-" + fs::path(arguments[0]).filename().string();
    watch();
    auto const corpus = read_corpus(arguments[1]);
    for (auto const& input : corpus)
        run(input);
    if (fs::is_regular_file(arguments[1])) return 0;
    if (corpus.empty()) {
        std::fprintf(stderr, "the corpus is empty\n");
        return 2;
    }

    auto const seed = static_cast<std::uint64_t>(number_from("BLUEBATCH_FUZZ_SEED", 1));
    auto const seconds = number_from("BLUEBATCH_FUZZ_SECONDS", kDefaultSeconds);
    auto const most_runs = static_cast<std::uint64_t>(
        number_from("BLUEBATCH_FUZZ_RUNS", kDefaultRuns * seconds / kDefaultSeconds)
    );
    auto const end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    bluebatch::fuzz::Mutator mutator(corpus, seed);
    std::uint64_t runs = 0;
    while (runs < most_runs && std::chrono::steady_clock::now() < end) {
        run(mutator.next());
        ++runs;
    }
    std::printf("%zu inputs of the corpus, %lu mutations\n", corpus.size(), static_cast<unsigned long>(runs));
} catch (std::exception const& error) {
    std::fprintf(stderr, "the target threw: %s\n", error.what());
    save_input();
    return 1;
}
