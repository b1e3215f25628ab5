#include "emulator/node/file_pattern.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <system_error>
#include <utility>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWildcards = "*?[";
constexpr std::string_view kAnyFolders = "**";

// A bracket expression at the start of `pattern`.
struct Bracket {
    std::string_view members;
    bool negated = false;
    std::size_t length = 0;  // with the brackets
};

std::optional<Bracket> read_bracket(std::string_view pattern) {
    if (pattern.empty() || pattern.front() != '[') return std::nullopt;
    bool const negated = pattern.size() > 1 && pattern[1] == '!';
    std::size_t const first = negated ? 2 : 1;
    // A ']' in first place is a member.
    std::size_t const end = pattern.find(']', first + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Bracket{pattern.substr(first, end - first), negated, end + 1};
}

bool contains(Bracket const& bracket, char c) {
    bool found = false;
    std::string_view const members = bracket.members;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i + 2 < members.size() && members[i + 1] == '-') {
            found = found || (members[i] <= c && c <= members[i + 2]);
            i += 2;
        } else {
            found = found || members[i] == c;
        }
    }
    return found != bracket.negated;
}

// How much of the pattern one character takes, when it does.
std::optional<std::size_t> match_one(std::string_view pattern, char c) {
    if (pattern.empty()) return std::nullopt;
    if (auto const bracket = read_bracket(pattern))
        return contains(*bracket, c) ? std::optional{bracket->length} : std::nullopt;
    bool const matches = pattern.front() == '?' || (pattern.front() != '*' && pattern.front() == c);
    return matches ? std::optional<std::size_t>{1} : std::nullopt;
}

// Walks the folders below the fixed part of the pattern.
class Search {
public:
    explicit Search(std::span<std::string_view const> segments) : segments_(segments) {}

    void look(fs::path const& folder, std::string const& name, std::size_t depth) {
        // Several '**' come to the same folder in very many ways; once is enough.
        if (!seen_.emplace(name, depth).second) return;
        std::string_view const segment = segments_[depth];
        if (segment == kAnyFolders) {
            look(folder, name, depth + 1);
            for (fs::directory_entry const& entry : entries(folder)) {
                std::string const child = entry.path().filename();
                if (child.front() != '.' && is_real_folder(entry))
                    look(entry.path(), join(name, child), depth);
            }
            return;
        }
        bool const is_last = depth + 1 == segments_.size();
        for (fs::directory_entry const& entry : entries(folder)) {
            std::string const child = entry.path().filename();
            if (!matches_name(segment, child)) continue;
            std::error_code ignored;
            if (is_last) {
                if (entry.is_regular_file(ignored)) found_.push_back({entry.path(), join(name, child)});
            } else if (entry.is_directory(ignored)) {
                look(entry.path(), join(name, child), depth + 1);
            }
        }
    }

    std::vector<PatternMatch> found() && {
        auto const by_name = [](PatternMatch const& a, PatternMatch const& b) { return a.name < b.name; };
        auto const same = [](PatternMatch const& a, PatternMatch const& b) { return a.name == b.name; };
        std::sort(found_.begin(), found_.end(), by_name);
        found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
        return std::move(found_);
    }

private:
    static std::string join(std::string const& name, std::string const& child) {
        return name.empty() ? child : name + '/' + child;
    }
    static bool is_real_folder(fs::directory_entry const& entry) {
        std::error_code ignored;
        return !entry.is_symlink(ignored) && entry.is_directory(ignored);
    }
    // What cannot be read has no entries.
    static std::vector<fs::directory_entry> entries(fs::path const& folder) {
        std::vector<fs::directory_entry> all;
        std::error_code error;
        for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
            all.push_back(*it);
        return all;
    }

    std::span<std::string_view const> segments_;
    std::set<std::pair<std::string, std::size_t>> seen_;
    std::vector<PatternMatch> found_;
};

}  // namespace

bool matches_name(std::string_view pattern, std::string_view name) {
    if (!name.empty() && name.front() == '.' && (pattern.empty() || pattern.front() != '.')) return false;
    // The last '*' seen, and where in the name to go on when what follows it does not fit.
    std::optional<std::string_view> after_star;
    std::string_view rest_of_name;
    while (!name.empty()) {
        if (!pattern.empty() && pattern.front() == '*') {
            pattern.remove_prefix(1);
            after_star = pattern;
            rest_of_name = name;
        } else if (auto const taken = match_one(pattern, name.front())) {
            pattern.remove_prefix(*taken);
            name.remove_prefix(1);
        } else if (after_star) {
            rest_of_name.remove_prefix(1);
            name = rest_of_name;
            pattern = *after_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*') == std::string_view::npos;
}

bool has_wildcard(std::string_view pattern) {
    return pattern.find_first_of(kWildcards) != std::string_view::npos;
}

std::vector<PatternMatch> find_files(fs::path const& folder, std::string_view pattern) {
    fs::path base = pattern.starts_with('/') ? fs::path("/") : folder;
    std::vector<std::string_view> segments = base::split(pattern, '/');
    std::erase_if(segments, [](std::string_view segment) { return segment.empty() || segment == "."; });
    if (segments.empty()) return {};
    if (segments.back() == kAnyFolders) segments.push_back("*");

    auto const first_wild = std::find_if(segments.begin(), segments.end(), has_wildcard);
    if (first_wild == segments.end()) {
        for (std::string_view const segment : segments)
            base /= segment;
        std::error_code ignored;
        if (!fs::is_regular_file(base, ignored)) return {};
        return {{base, std::string(segments.back())}};
    }
    for (auto it = segments.begin(); it != first_wild; ++it)
        base /= *it;
    Search search(std::span(first_wild, segments.end()));
    search.look(base, "", 0);
    return std::move(search).found();
}

}  // namespace bluebatch::emulator::node
