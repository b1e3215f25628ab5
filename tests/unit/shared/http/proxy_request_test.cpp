#include "shared/http/proxy_request.hpp"

#include "shared/base/digest.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

constexpr std::string_view kCredentials = "run:secret";

std::string head_of(std::string const& line, std::string const& more = {}) {
    return line + "\r\nProxy-Authorization: Basic " + base::to_base64(kCredentials) + "\r\n" + more + "\r\n";
}

ProxyRequest read(std::string const& head) {
    auto const result = read_proxy_request(head, kCredentials);
    EXPECT_TRUE(std::holds_alternative<ProxyRequest>(result)) << head;
    return std::holds_alternative<ProxyRequest>(result) ? std::get<ProxyRequest>(result) : ProxyRequest{};
}

int fault(std::string const& head) {
    auto const result = read_proxy_request(head, kCredentials);
    auto const* const found = std::get_if<ProxyFault>(&result);
    return found != nullptr ? found->status : 0;
}

TEST(ProxyRequests, OpenTunnels) {
    auto const request = read(head_of("CONNECT acc.blob.core.windows.net:443 HTTP/1.1", "Host: other\r\n"));
    EXPECT_TRUE(request.is_tunnel);
    EXPECT_EQ(request.target.host, "acc.blob.core.windows.net");
    EXPECT_EQ(request.target.port, 443);
    EXPECT_EQ(request.head, "");
    EXPECT_EQ(read(head_of("CONNECT [::1]:8443 HTTP/1.1")).target.host, "::1");
}

TEST(ProxyRequests, WithAnAbsoluteUrlAreSentOnInTheirUsualForm) {
    auto const request = read(head_of(
        "GET http://169.254.169.254/metadata?a=b HTTP/1.1",
        "Host: 169.254.169.254\r\nMetadata: true\r\nProxy-Connection: keep-alive\r\nConnection: "
        "keep-alive\r\n"
    ));
    EXPECT_FALSE(request.is_tunnel);
    EXPECT_EQ(request.target.host, "169.254.169.254");
    EXPECT_EQ(request.target.port, 80);
    EXPECT_EQ(
        request.head,
        "GET /metadata?a=b HTTP/1.1\r\nHost: 169.254.169.254\r\nMetadata: true\r\nConnection: close\r\n\r\n"
    );
    EXPECT_TRUE(read(head_of("GET http://host:81?q HTTP/1.1")).head.starts_with("GET /?q HTTP/1.1\r\n"));
}

TEST(ProxyRequests, NeedTheCredentialsOfTheProgram) {
    EXPECT_EQ(fault("CONNECT host:443 HTTP/1.1\r\n\r\n"), 407);
    EXPECT_EQ(fault("CONNECT host:443 HTTP/1.1\r\nProxy-Authorization: Basic cnVuOndyb25n\r\n\r\n"), 407);
    EXPECT_EQ(fault("CONNECT host:443 HTTP/1.1\r\nProxy-Authorization: Bearer run:secret\r\n\r\n"), 407);
    EXPECT_EQ(fault("CONNECT host:443 HTTP/1.1\r\nAuthorization: Basic cnVuOnNlY3JldA==\r\n\r\n"), 407);
}

TEST(ProxyRequests, AreRefusedWhenTheyAreNone) {
    for (auto const* const line :
         {"CONNECT host HTTP/1.1",
          "CONNECT host:0 HTTP/1.1",
          "CONNECT host:70000 HTTP/1.1",
          "CONNECT :443 HTTP/1.1",
          "CONNECT user@host:443 HTTP/1.1",
          "CONNECT host/path:443 HTTP/1.1",
          "CONNECT [::1/]:443 HTTP/1.1",
          "CONNECT [::1:443 HTTP/1.1",
          "GET / HTTP/1.1",
          "GET https://host/ HTTP/1.1",
          "GET http:///path HTTP/1.1",
          "GET http://a b/ HTTP/1.1",
          "nonsense"})
        EXPECT_EQ(fault(head_of(line)), 400) << line;
    EXPECT_EQ(fault(""), 400);
    EXPECT_EQ(fault(head_of("CONNECT host:443 HTTP/1.1", "no colon\r\n")), 400);
    EXPECT_EQ(fault(head_of("CONNECT host:443 HTTP/1.1", "A: b\r\n folded\r\n")), 400);
}

}  // namespace
}  // namespace bluebatch::http
