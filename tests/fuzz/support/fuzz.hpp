#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// What all fuzz targets share. A target is one function, which libFuzzer and runner.cpp call alike.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace bluebatch::fuzz {

inline std::string_view to_text(std::uint8_t const* data, std::size_t size) {
    return {reinterpret_cast<char const*>(data), size};
}

// Ends the program where a promise is broken; whoever called the target keeps the input.
inline void check(bool holds, char const* promise, std::string_view detail = {}) {
    if (holds) return;
    std::fprintf(
        stderr, "broken promise: %s\n%.*s\n", promise, static_cast<int>(detail.size()), detail.data()
    );
    std::abort();
}

// Takes the first line off an input of several parts.
inline std::string_view take_line(std::string_view& input) {
    auto const end = input.find('\n');
    auto const line = input.substr(0, end);
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    return line;
}

}  // namespace bluebatch::fuzz
