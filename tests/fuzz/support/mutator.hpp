#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::fuzz {

// Makes inputs that resemble those of a corpus. The same seed makes the same inputs.
class Mutator {
public:
    Mutator(std::vector<std::string> corpus, std::uint64_t seed);
    std::string next();

private:
    std::size_t below(std::size_t limit);
    std::string const& any(std::vector<std::string> const& from) { return from[below(from.size())]; }
    void change(std::string& input);
    void change_bytes(std::string& input);
    void change_piece(std::string& input);

    std::vector<std::string> corpus_;
    std::vector<std::string> words_;  // that the corpus is made of, and those that parsers stumble over
    std::mt19937_64 engine_;
};

}  // namespace bluebatch::fuzz
