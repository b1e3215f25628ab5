// Patterns of output files, against a matcher that is too simple to be wrong.
#include "emulator/node/file_pattern.hpp"

#include "tests/fuzz/support/fuzz.hpp"
#include "tests/support/temporary_directory.hpp"

#include <algorithm>
#include <fstream>

namespace bluebatch::fuzz {
namespace {

namespace fs = std::filesystem;
namespace node = emulator::node;

// Without brackets; both short, as it tries everything.
bool matches_simply(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern.front() == '*') {
        return matches_simply(pattern.substr(1), name) ||
               (!name.empty() && matches_simply(pattern, name.substr(1)));
    }
    bool const fits = !name.empty() && (pattern.front() == '?' || pattern.front() == name.front());
    return fits && matches_simply(pattern.substr(1), name.substr(1));
}

void check_name(std::string_view pattern, std::string_view name) {
    bool const matches = node::matches_name(pattern, name);
    constexpr std::size_t kShort = 10;
    bool const is_simple = pattern.find('[') == std::string_view::npos && !name.starts_with('.');
    if (is_simple && pattern.size() <= kShort && name.size() <= kShort)
        check(matches == matches_simply(pattern, name), "the pattern means what it says", pattern);
    if (!node::has_wildcard(pattern)) check(matches == (pattern == name), "no wildcards", pattern);
}

fs::path const& folder() {
    static tests::TemporaryDirectory const directory;
    static bool const is_filled = [] {
        fs::create_directories(directory.path() / "a/b/c");
        for (auto const* name : {"x.txt", ".hidden", "a/y.txt", "a/b/z.log", "a/b/c/[1].txt", "a/b/c/2.txt"})
            std::ofstream(directory.path() / name) << name;
        fs::create_directory_symlink(directory.path(), directory.path() / "a/b/loop");
        return true;
    }();
    static_cast<void>(is_filled);
    return directory.path();
}

void check_files(std::string_view pattern) {
    // The file system of the machine is no part of this test.
    if (pattern.starts_with('/') || pattern.find("..") != std::string_view::npos) return;
    if (pattern.find('\0') != std::string_view::npos) return;
    auto const found = node::find_files(folder(), pattern);
    for (auto const& match : found) {
        check(fs::is_regular_file(match.file), "only files are found", pattern);
        check(match.file.string().ends_with(match.name), "the name is the end of the path", match.name);
    }
    check(
        std::ranges::is_sorted(found, {}, &node::PatternMatch::name),
        "found in the order of their names",
        pattern
    );
}

}  // namespace

// The pattern, then a name.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    auto const pattern = take_line(input);
    check_name(pattern, input);
    check_files(pattern);
    return 0;
}

}  // namespace bluebatch::fuzz
