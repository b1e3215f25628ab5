#include "shared/http/waiting.hpp"

#include <poll.h>

namespace bluebatch::http {
namespace {

constexpr int kNobody = -1;
thread_local int client_socket = kNobody;

}  // namespace

bool client_has_left() {
    if (client_socket == kNobody) return false;
    ::pollfd state{client_socket, POLLRDHUP, 0};
    return ::poll(&state, 1, 0) == 1;
}

AnsweredClient::AnsweredClient(int socket) {
    client_socket = socket;
}

AnsweredClient::~AnsweredClient() {
    client_socket = kNobody;
}

}  // namespace bluebatch::http
