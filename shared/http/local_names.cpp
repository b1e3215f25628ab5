#include "shared/http/local_names.hpp"

#include "shared/base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string>

namespace bluebatch::http {

namespace {

constexpr auto kLocalNames = std::to_array<std::string_view>({"localhost", "127.0.0.1", "::1"});

// "localhost:10003" -> "localhost", "[::1]:10003" -> "::1"
std::string_view host_of(std::string_view authority) {
    if (!authority.starts_with('[')) return authority.substr(0, authority.find(':'));
    auto const end = authority.find(']');
    return end == std::string_view::npos ? std::string_view{} : authority.substr(1, end - 1);
}

// "http://localhost:10003" -> "localhost:10003"; "null" and the like have none.
std::string_view authority_of(std::string_view origin) {
    auto const start = origin.find("://");
    return start == std::string_view::npos ? std::string_view{} : origin.substr(start + 3);
}

}  // namespace

bool names_this_machine(std::string_view authority) {
    auto const host = host_of(authority);
    constexpr std::string_view kLocalDomain = ".localhost";
    bool const is_below =
        host.size() > kLocalDomain.size() &&
        base::equal_ignoring_case(host.substr(host.size() - kLocalDomain.size()), kLocalDomain);
    return is_below || std::ranges::any_of(kLocalNames, [&](std::string_view name) {
               return base::equal_ignoring_case(host, name);
           });
}

bool can_be_rebound(std::string_view authority) {
    if (names_this_machine(authority)) return false;
    std::string const host{host_of(authority)};
    std::array<unsigned char, sizeof(in6_addr)> address{};
    bool const is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
    return !is_address && host.find('.') != std::string::npos;
}

bool is_from_foreign_page(RequestHead const& head) {
    if (base::equal_ignoring_case(head.headers.get("Sec-Fetch-Site"), "cross-site")) return true;
    auto const origin = head.headers.find("Origin");
    return origin && !names_this_machine(authority_of(*origin));
}

bool is_rebound(RequestHead const& head) {
    auto const origin = head.headers.find("Origin");
    return origin && !names_this_machine(head.host()) &&
           base::equal_ignoring_case(authority_of(*origin), head.host());
}

}  // namespace bluebatch::http
