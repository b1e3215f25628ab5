#include "client/cli/run/traffic.hpp"

#include "client/cli/run/azure_hosts.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace bluebatch::cli {

namespace {

constexpr std::size_t kMostHosts = 1000;

// Names below .localhost are this machine's whatever a name server says of them.
http::ProxyTarget on_this_machine(http::ProxyTarget const& target) {
    bool const is_name = base::to_lower(target.host).ends_with("localhost");
    return is_name ? http::ProxyTarget{"127.0.0.1", target.port} : target;
}

}  // namespace

// The word of guests must not leave this machine.
Traffic::Traffic(http::ProxyTarget const& emulator, GuestPreface preface, Foreigners foreigners)
    : emulator_(preface ? on_this_machine(emulator) : emulator),
      preface_(std::move(preface)),
      foreigners_(foreigners) {}

http::ProxyDecision Traffic::note(std::string const& host, Fate fate, http::ProxyDecision decision) {
    std::scoped_lock const lock(mutex_);
    auto const key = std::pair(fate, base::to_lower(host));
    if (connections_.contains(key) || connections_.size() < kMostHosts) ++connections_[key];
    return decision;
}

http::ProxyDecision Traffic::way_to_emulator() const {
    if (!preface_) return http::ProxyRoute{emulator_};
    auto preface = preface_();
    if (!preface.empty()) return http::ProxyRoute{emulator_, std::move(preface)};
    return http::ProxyRefusal{fmt::format("The emulator no longer listens at port {}.", emulator_.port)};
}

http::ProxyDecision Traffic::decide(http::ProxyTarget const& target) {
    switch (kind_of_host(target.host)) {
        case HostKind::emulated: {
            auto way = way_to_emulator();
            auto const fate = std::holds_alternative<http::ProxyRoute>(way) ? Fate::emulated : Fate::gone;
            return note(target.host, fate, std::move(way));
        }
        case HostKind::unemulated:
            return note(
                target.host,
                Fate::unemulated,
                http::ProxyRefusal{"bluebatch-emulator has no service behind " + target.host + "."}
            );
        case HostKind::loopback:
            return note(target.host, Fate::passed, http::ProxyRoute{on_this_machine(target)});
        case HostKind::foreign:
            break;
    }
    if (foreigners_ == Foreigners::passed) return note(target.host, Fate::passed, http::ProxyRoute{target});
    return note(
        target.host,
        Fate::refused,
        http::ProxyRefusal{"bluebatch run --offline lets nothing out to " + target.host + "."}
    );
}

std::vector<std::string> Traffic::summary() const {
    constexpr std::array<std::string_view, 5> kFates{
        "answered by the emulator",
        "passed on",
        "refused: the emulator has no such service",
        "refused: --offline",
        "refused: the emulator has ended"};
    std::scoped_lock const lock(mutex_);
    std::vector<std::string> lines;
    for (auto const& [key, count] : connections_) {
        auto const& [fate, host] = key;
        lines.push_back(fmt::format(
            "{}: {} connection{}, {}",
            host,
            count,
            count == 1 ? "" : "s",
            kFates[static_cast<std::size_t>(fate)]
        ));
    }
    return lines;
}

}  // namespace bluebatch::cli
