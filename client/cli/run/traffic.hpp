#pragma once

#include "client/cli/run/guest.hpp"
#include "shared/http/connect_proxy.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace bluebatch::cli {

enum class Foreigners : std::uint8_t { passed, refused };

// Decides where each connection of a program goes, and remembers it. Thread-safe.
class Traffic {
public:
    // Without a preface the program is no guest.
    Traffic(http::ProxyTarget const& emulator, GuestPreface preface, Foreigners foreigners);

    http::ProxyDecision decide(http::ProxyTarget const& target);

    // A line for each host, for a person.
    std::vector<std::string> summary() const;

private:
    enum class Fate : std::uint8_t { emulated, passed, unemulated, refused, gone };

    http::ProxyDecision note(std::string const& host, Fate fate, http::ProxyDecision decision);
    http::ProxyDecision way_to_emulator() const;

    http::ProxyTarget const emulator_;
    GuestPreface const preface_;
    Foreigners const foreigners_;
    mutable std::mutex mutex_;
    std::map<std::pair<Fate, std::string>, int> connections_;
};

}  // namespace bluebatch::cli
