// What a program asks of the proxy of `bluebatch run`.
#include "shared/http/proxy_request.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"
#include "tests/fuzz/support/fuzz.hpp"

namespace bluebatch::fuzz {
namespace {

void check_request(std::string_view head) {
    auto const read = http::read_proxy_request(head, "run:secret");
    auto const* const request = std::get_if<http::ProxyRequest>(&read);
    if (request == nullptr) {
        auto const& fault = std::get<http::ProxyFault>(read);
        check(fault.status == 400 || fault.status == 407, "a fault is the client's", head);
        check(fault.text.find("secret") == std::string::npos, "and tells no secret", head);
        return;
    }
    check(
        head.find(base::to_base64(std::string_view{"run:secret"})) != std::string_view::npos,
        "who asks is known",
        head
    );
    check(!request->target.host.empty() && request->target.port != 0, "there is a target", head);
    check(request->target.host.find_first_of("/@ \r\n") == std::string::npos, "which is a host", head);
    if (request->is_tunnel) return check(request->head.empty(), "a tunnel begins with nothing", head);
    check(request->head.ends_with("\r\nConnection: close\r\n\r\n"), "one request and no more", head);
    check(request->head.find("\r\n\r\n") == request->head.size() - 4, "one head", head);
    auto const names = base::to_lower(request->head);
    check(names.find("\r\nproxy-authorization:") == std::string::npos, "credentials stay here", head);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = to_text(data, size);
    check_request(input);
    // The same with lines that a client of ours would send.
    auto const first = take_line(input);
    std::string head{first};
    head += "\r\nProxy-Authorization: Basic " + base::to_base64(std::string_view{"run:secret"}) + "\r\n";
    while (!input.empty())
        head.append(take_line(input)).append("\r\n");
    check_request(head + "\r\n");
    return 0;
}

}  // namespace bluebatch::fuzz
