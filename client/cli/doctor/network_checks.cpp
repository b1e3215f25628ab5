#include "client/cli/doctor/checks.hpp"
#include "shared/base/text.hpp"
#include "shared/http/url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <time.h>

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace bluebatch::cli::doctor {
namespace {

constexpr std::chrono::seconds kLongestProbe{10};
constexpr std::chrono::seconds kTolerableSkew{60};
// Requests that are older or younger are refused by both services.
constexpr std::chrono::minutes kDeadlySkew{14};
constexpr std::chrono::days kSoon{14};

std::vector<std::string> resolve_host(std::string const& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner(list, &::freeaddrinfo);
    std::vector<std::string> addresses;
    for (auto const* entry = list; entry != nullptr; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        int const failed = ::getnameinfo(
            entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST
        );
        if (failed == 0) addresses.emplace_back(text.data());
    }
    return addresses;
}

// Whether one of a list of names, "*" among them, is the host's or that of a domain it is in.
bool is_excepted(std::string_view host, std::string_view list) {
    while (!list.empty()) {
        auto const end = list.find_first_of(", ");
        auto name = list.substr(0, end);
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
        if (name == "*") return true;
        if (name.starts_with('.')) name.remove_prefix(1);
        if (name.empty() || host.size() < name.size()) continue;
        auto const rest = host.size() - name.size();
        bool const is_whole = rest == 0 || host[rest - 1] == '.';
        if (is_whole && base::equal_ignoring_case(host.substr(rest), name)) return true;
    }
    return false;
}

// Who asks in our place; nothing where we ask ourselves. Without the password that may stand in it.
std::optional<std::string> proxy_for(http::Url const& url, Environment const& environment) {
    if (url.scheme != http::Scheme::https || http::is_loopback(url.host)) return std::nullopt;
    for (auto const* const name : {"no_proxy", "NO_PROXY"}) {
        auto const list = environment(name);
        if (list && is_excepted(url.host, *list)) return std::nullopt;
        if (list) break;
    }
    for (auto const* const name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        if (auto const value = environment(name)) return value->substr(value->rfind('@') + 1);
    }
    return std::nullopt;
}

Finding check_name(Examination const& examination, Patient const& patient, http::Url const& url) {
    Finding finding{.service = patient.name, .check = "DNS", .text = {}};
    if (auto const proxy = proxy_for(url, examination.world.environment)) {
        finding.text = fmt::format("left to the proxy {}", *proxy);
        return finding;
    }
    auto const addresses = examination.network.resolve(std::string(url.host));
    if (!addresses.empty()) {
        finding.text = fmt::format("{} is {}", url.host, addresses.front());
        return finding;
    }
    // Where --resolve or a proxy that we do not know of leads elsewhere, the connection tells.
    finding.verdict = Verdict::warning;
    finding.text = fmt::format("{} has no address.", url.host);
    finding.advice = "Check the account's name and this machine's DNS.";
    return finding;
}

client::ApiError as_api_error(http::TransportError const& error) {
    client::ApiError result;
    result.fault = client::Fault::transport;
    result.transport = error.fault;
    result.message = error.message;
    return result;
}

Finding unreachable(
    Examination const& examination, Patient const& patient, http::TransportError const& error
) {
    auto const& accounts = examination.connection.accounts();
    auto const failure = explain(as_api_error(error), "connect", patient.kind, accounts);
    auto const line = failure.message.find('\n');
    Finding finding{
        .service = patient.name,
        .check = error.fault == http::TransportFault::tls ? "TLS" : "connection",
        .verdict = Verdict::failure,
        .text = error.message + ".",
        .advice = line == std::string::npos ? std::string() : failure.message.substr(line + 3),
        .status = failure.status};
    if (error.fault == http::TransportFault::tls) {
        finding.advice =
            "Name the certificate authority with --ca-file or SSL_CERT_FILE; the emulator's is told by "
            "'bluebatch-emulator ca', and 'bluebatch run' sets it.";
    }
    return finding;
}

std::optional<base::TimePoint> parse_expiry(std::string const& text) {
    std::tm parts{};
    if (::strptime(text.c_str(), "%b %d %H:%M:%S %Y", &parts) == nullptr) return std::nullopt;
    return base::TimePoint(std::chrono::seconds(::timegm(&parts)));
}

Finding describe_tls(
    Examination const& examination, Patient const& patient, http::ProbeAnswer const& answer
) {
    Finding finding{.service = patient.name, .check = "TLS", .text = {}};
    if (!answer.certificate) {
        bool const is_emulated = examination.connection.accounts().target == Target::emulator;
        finding.text = "none: the endpoint is plain HTTP";
        if (!is_emulated) {
            finding.verdict = Verdict::warning;
            finding.text += ".";
            finding.advice = "Whoever listens can read along; give an endpoint with https://.";
        }
        return finding;
    }
    auto const& [subject, issuer, expires] = *answer.certificate;
    finding.text = fmt::format("certificate of {}, valid until {}", issuer, expires);
    auto const end = parse_expiry(expires);
    if (end && *end < examination.world.clock.now() + kSoon) {
        finding.verdict = Verdict::warning;
        finding.text += ".";
        finding.advice = "It ends soon; whoever runs the server has to renew it.";
    }
    return finding;
}

std::optional<Finding> check_clock(
    Examination const& examination, Patient const& patient, http::ProbeAnswer const& answer
) {
    auto const theirs = base::parse_rfc1123(answer.response.headers.get("Date"));
    if (!theirs) return std::nullopt;
    auto const skew =
        std::chrono::duration_cast<std::chrono::seconds>(examination.world.clock.now() - *theirs);
    auto const seconds = std::abs(skew.count());
    Finding finding{
        .service = patient.name,
        .check = "clock",
        .text = fmt::format(
            "this machine's is {} s {} the service's", seconds, skew.count() < 0 ? "behind" : "ahead of"
        )};
    if (std::chrono::seconds(seconds) < kTolerableSkew) return finding;
    bool const is_deadly = std::chrono::seconds(seconds) >= kDeadlySkew;
    finding.verdict = is_deadly ? Verdict::failure : Verdict::warning;
    finding.status = ExitStatus::usage;
    finding.text += ".";
    finding.advice = "Correct it ('timedatectl set-ntp true'): requests that are 15 minutes off are refused.";
    return finding;
}

}  // namespace

Network real_network(http::ClientOptions options) {
    return {
        .probe = [options = std::move(options)](
                     http::OutgoingRequest const& request, std::stop_token stop
                 ) { return http::probe(request, options, std::move(stop)); },
        .resolve = &resolve_host,
    };
}

bool check_network(Examination const& examination, Patient const& patient, Findings& findings) {
    auto const url = http::parse_url(patient.endpoint);
    if (!url) {
        findings.push_back(
            {.service = patient.name,
             .check = "endpoint",
             .verdict = Verdict::failure,
             .text = fmt::format("{} is no URL.", patient.endpoint),
             .advice = "Check its spelling.",
             .status = ExitStatus::usage}
        );
        return false;
    }
    findings.push_back(check_name(examination, patient, *url));
    http::OutgoingRequest request;
    request.url = patient.endpoint;
    request.connect_timeout = request.stall_timeout = kLongestProbe;
    auto const answer = examination.network.probe(request, examination.world.stop);
    if (!answer) {
        findings.push_back(unreachable(examination, patient, answer.error()));
        return false;
    }
    findings.push_back(
        {.service = patient.name, .check = "connection", .text = fmt::format("{} answers", answer->address)}
    );
    findings.push_back(describe_tls(examination, patient, *answer));
    if (auto clock = check_clock(examination, patient, *answer)) findings.push_back(*std::move(clock));
    return true;
}

}  // namespace bluebatch::cli::doctor
