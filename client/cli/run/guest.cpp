#include "client/cli/run/guest.hpp"

#include "shared/base/text.hpp"
#include "shared/http/connect_proxy.hpp"
#include "shared/http/guest_word.hpp"
#include "shared/http/proxy_request.hpp"
#include "shared/http/url.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <sys/stat.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

namespace bluebatch::cli {

namespace {

// The file that the emulator names; empty when it names none.
std::filesystem::path ask_for_file(
    http::Client& client, std::string const& emulator_url, std::stop_token stop
) {
    http::OutgoingRequest request;
    request.url = emulator_url + "/_bluebatch/health";
    auto const response = client.send(request, {}, std::move(stop));
    auto const health = nlohmann::json::parse(response ? response->body : "", nullptr, false);
    auto const file = health.is_object() ? health.value("guestWord", nlohmann::json{}) : nlohmann::json{};
    return file.is_string() ? file.get<std::string>() : "";
}

std::uint16_t port_of(http::Url const& url) {
    constexpr std::uint16_t kHttp = 80;
    http::ProxyTarget target;
    return http::parse_authority(url.authority, kHttp, target) ? target.port : std::uint16_t{0};
}

// "0100007F:2713"
std::uint32_t hex_port(std::string_view address) {
    std::uint32_t port = 0;
    auto const digits = address.substr(address.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), port, 16);
    return port;
}

}  // namespace

bool is_listener_ours(std::uint16_t port) {
    constexpr std::string_view kListening = "0A";
    bool is_there = false;
    for (auto const* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream lines(table);
        std::string line;
        std::getline(lines, line);  // the names of the columns
        while (std::getline(lines, line)) {
            std::istringstream columns(line);
            std::string number, local, remote, state, queues, timer, retransmissions;
            ::uid_t owner = 0;
            columns >> number >> local >> remote >> state >> queues >> timer >> retransmissions >> owner;
            if (!columns || state != kListening || hex_port(local) != port) continue;
            if (owner != ::geteuid()) return false;
            is_there = true;
        }
    }
    return is_there;
}

std::string read_guest_word_file(std::filesystem::path const& file) {
    if (file.filename() != http::kGuestWordFile) return {};
    int const descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) return {};
    struct ::stat facts {};
    std::array<char, http::kGuestWordBytes> word{};
    bool const is_right = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) &&
                          facts.st_uid == ::geteuid() && (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
                          facts.st_size == static_cast<::off_t>(word.size()) &&
                          ::read(descriptor, word.data(), word.size()) == static_cast<::ssize_t>(word.size());
    ::close(descriptor);
    return is_right ? std::string(word.data(), word.size()) : std::string();
}

// The file is read each time: an emulator that has been started anew meanwhile has another word.
GuestPreface make_guest_preface(std::uint16_t port, std::filesystem::path file) {
    return [port, file = std::move(file)]() -> std::string {
        if (!is_listener_ours(port)) return {};
        auto const word = read_guest_word_file(file);
        return word.empty() ? std::string() : http::make_guest_preface(word);
    };
}

base::Result<GuestPreface> find_guest_preface(
    http::Client& client, std::string const& emulator_url, std::stop_token stop
) {
    auto const url = http::parse_url(emulator_url);
    if (!url || !http::is_loopback(url->host) || !is_listener_ours(port_of(*url)))
        return base::Failure{
            fmt::format("what listens at {} is not a program of yours on this machine", emulator_url)};
    auto file = ask_for_file(client, emulator_url, std::move(stop));
    if (read_guest_word_file(file).empty())
        return base::Failure{"the files of the emulator can't be read here"};
    return make_guest_preface(port_of(*url), std::move(file));
}

}  // namespace bluebatch::cli
