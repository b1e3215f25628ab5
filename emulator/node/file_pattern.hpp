#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// The wildcards of output files. Batch: OUT-2, OUT-3, OUT-5, OUT-6
namespace bluebatch::emulator::node {

// Whether a name is one that a pattern without '/' means: '*', '?', '[abc]', '[a-c]', '[!abc]'; a leading dot
// must be written out.
bool matches_name(std::string_view pattern, std::string_view name);

bool has_wildcard(std::string_view pattern);

struct PatternMatch {
    std::filesystem::path file;
    std::string name;  // below the part of the pattern that has no wildcards; '/' between folders
};

// The regular files that match, in order of their names. `pattern` is relative to `folder` unless absolute;
// '**' stands for any number of folders, and links to folders are not followed there.
std::vector<PatternMatch> find_files(std::filesystem::path const& folder, std::string_view pattern);

}  // namespace bluebatch::emulator::node
