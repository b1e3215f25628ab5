#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// What a command line said for the parameters of a row, by their long names; counts and durations have been
// checked.
class Values {
public:
    void set(std::string_view name, std::vector<std::string> values);

    bool has(std::string_view name) const;
    // Of an argument or of an option with a fallback; "" for others that were not given.
    std::string const& text(std::string_view name) const;
    std::optional<std::string> find(std::string_view name) const;
    std::vector<std::string> const& all(std::string_view name) const;
    std::optional<int> count(std::string_view name) const;
    std::chrono::seconds duration(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace bluebatch::cli
