#include "tests/unit/shared/http/support.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <sys/socket.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace bluebatch::http::testing {

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "http-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::shared_ptr<FileHandle const> TemporaryFolder::make_file(std::string_view content) const {
    auto const path = path_ / ("file-" + std::to_string(file_count()));
    std::ofstream(path, std::ios::binary) << content;
    return std::make_shared<FileHandle>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

std::size_t TemporaryFolder::file_count() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
}

std::string read_file(std::filesystem::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string pattern_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint32_t state = 12345;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    return bytes;
}

void make_echo(ScriptedService& service, std::filesystem::path spool_folder) {
    service.on_admit = [folder = std::move(spool_folder)](RequestHead const&) {
        return BodyPlan{
            .limit = 64 << 20, .memory_limit = 64 << 10, .digest_md5 = false, .spool_folder = folder};
    };
    service.on_answer = [](Request const& request) {
        Response response;
        response.text = request.method + " " + request.path;
        if (request.body.file) response.text += " " + std::to_string(request.body.size);
        if (!request.body.bytes.empty()) response.text += " " + request.body.bytes;
        return response;
    };
}

RawConnection::RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::timeval const patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0) {
        ADD_FAILURE() << "connect: " << std::generic_category().message(errno);
    }
}

RawConnection::~RawConnection() {
    ::close(socket_);
}

bool RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        auto const count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RawConnection::finish_sending() const {
    ::shutdown(socket_, SHUT_WR);
}

bool RawConnection::receive() {
    std::string piece(64 << 10, '\0');
    auto const count = ::recv(socket_, piece.data(), piece.size(), 0);
    if (count < 0 && errno == EAGAIN) ADD_FAILURE() << "nothing came for 20 s";
    if (count <= 0) return false;
    received_.append(piece, 0, static_cast<std::size_t>(count));
    return true;
}

std::string RawConnection::take(std::size_t size) {
    auto taken = received_.substr(0, size);
    received_.erase(0, taken.size());
    return taken;
}

std::string RawConnection::read_until(std::string_view end) {
    std::size_t found = std::string::npos;
    while ((found = received_.find(end)) == std::string::npos) {
        if (!receive()) return take(std::string::npos);
    }
    return take(found + end.size());
}

std::string RawConnection::read_exactly(std::size_t size) {
    while (received_.size() < size && receive()) {
    }
    return take(size);
}

std::string RawConnection::read_to_end() {
    while (receive()) {
    }
    return take(std::string::npos);
}

std::string RawConnection::read_answer() {
    auto answer = read_until("\r\n\r\n");
    constexpr std::string_view kField = "Content-Length: ";
    if (auto const at = answer.find(kField); at != std::string::npos) {
        answer += read_exactly(std::stoul(answer.substr(at + kField.size())));
    }
    return answer;
}

bool RawConnection::is_closed_by_peer() {
    return read_to_end().empty();
}

bool eventually(std::function<bool()> const& holds) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace bluebatch::http::testing
