#include "emulator/batch/wire/certificate_path.hpp"

#include "shared/base/text.hpp"
#include "shared/http/message.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::wire {
namespace {

constexpr std::string_view kBegin = "certificates(";
constexpr std::size_t kLongestValue = 128;

// A value, with or without quotes; what is not plain letters and digits can't be one.
std::optional<std::string> read_value(std::string_view text) {
    if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
        text = text.substr(1, text.size() - 2);
    bool const is_plain = std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (text.empty() || text.size() > kLongestValue || !is_plain) return std::nullopt;
    return std::string(text);
}

}  // namespace

std::optional<std::string> plain_certificate_path(std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    auto const slash = std::min(path.find('/'), path.size());
    auto const segment = http::percent_decode(path.substr(0, slash));
    auto const rest = path.substr(slash);
    if (!base::starts_with_ignoring_case(segment, kBegin) || !segment.ends_with(')')) return std::nullopt;
    std::string_view keys = segment;
    keys = keys.substr(kBegin.size(), keys.size() - kBegin.size() - 1);
    std::optional<std::string> algorithm;
    std::optional<std::string> thumbprint;
    for (auto const part : base::split(keys, ',')) {
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        auto const name = base::trim(part.substr(0, equals));
        auto value = read_value(base::trim(part.substr(equals + 1)));
        if (base::equal_ignoring_case(name, "thumbprintAlgorithm")) {
            algorithm = std::move(value);
        } else if (base::equal_ignoring_case(name, "thumbprint")) {
            thumbprint = std::move(value);
        } else {
            return std::nullopt;
        }
    }
    if (!algorithm || !thumbprint) return std::nullopt;
    return std::string("/certificates()/").append(*algorithm).append("/").append(*thumbprint).append(rest);
}

}  // namespace bluebatch::emulator::batch::wire
