// A load generator that is not the bottleneck: one thread, keep-alive connections in a closed loop, requests
// written straight from memory, bodies of answers counted and dropped by the kernel.
//
//   http_load --port P --method GET --target '/a/b{n}?sas' [--header 'Name: value']... [--connections C]
//             [--seconds S | --requests N] [--first N] [--modulus N] [--body BYTES] [--expect STATUS]
//
// {n} stands for the number of the request, counted from --first, and from there again after --modulus of
// them. Prints one line of JSON. Ends with 1 when an answer has another status, or another length than the
// first one.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::uint16_t port = 0;
    std::string method = "GET";
    std::string target;
    std::string headers;
    std::size_t connections = 1;
    double seconds = 0;
    std::uint64_t requests = 0;
    std::uint64_t first = 0;
    std::uint64_t modulus = 0;
    std::size_t body = 0;
    int expected = 200;
};

Options parse(int argc, char const* const* argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const name = argv[i];
        std::string const value = argv[i + 1];
        if (name == "--port") options.port = static_cast<std::uint16_t>(std::stoi(value));
        if (name == "--method") options.method = value;
        if (name == "--target") options.target = value;
        if (name == "--header") options.headers += value + "\r\n";
        if (name == "--connections") options.connections = std::stoul(value);
        if (name == "--seconds") options.seconds = std::stod(value);
        if (name == "--requests") options.requests = std::stoull(value);
        if (name == "--first") options.first = std::stoull(value);
        if (name == "--modulus") options.modulus = std::stoull(value);
        if (name == "--body") options.body = std::stoul(value);
        if (name == "--expect") options.expected = std::stoi(value);
    }
    if (options.port == 0 || options.target.empty() || (options.seconds <= 0 && options.requests == 0)) {
        throw std::runtime_error("--port, --target and one of --seconds and --requests are needed");
    }
    return options;
}

// Bytes that no file system or checksum could find easy. Large bodies repeat them, so that the sender's
// reading stays in the processor's caches and takes little from a server on the same machine.
std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint64_t state = 0x9E3779B97F4A7C15U;
    for (auto& byte : bytes) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        byte = static_cast<char>(state);
    }
    return bytes;
}

class Plan {
public:
    static constexpr std::size_t kRepeated = 1 << 20;

    explicit Plan(Options options)
        : options_(std::move(options)), bytes_(random_bytes(std::min(options_.body, kRepeated))) {
        auto const at = options_.target.find("{n}");
        before_ = options_.method + " " + options_.target.substr(0, at);
        if (at != std::string::npos) {
            is_numbered_ = true;
            after_ = options_.target.substr(at + 3);
        }
        after_ += " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options_.port) + "\r\n" + options_.headers;
        if (options_.method != "GET") after_ += "Content-Length: " + std::to_string(options_.body) + "\r\n";
        after_ += "\r\n";
        begun_ = Clock::now();
        end_ = begun_ + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(options_.seconds > 0 ? options_.seconds : 1e6)
                        );
    }

    Options const& options() const { return options_; }
    std::size_t body_size() const { return options_.body; }
    // What lies in one piece of the body from this offset on.
    std::string_view body_at(std::size_t offset) const {
        auto const piece = std::string_view{bytes_}.substr(offset % bytes_.size());
        return piece.substr(0, options_.body - offset);
    }
    Clock::time_point begun() const { return begun_; }

    // False once no request is left.
    bool next(std::string& head) {
        if (options_.requests > 0 && started_ == options_.requests) return false;
        if (Clock::now() >= end_) return false;
        auto const number = options_.modulus > 0 ? started_ % options_.modulus : started_;
        ++started_;
        head = before_;
        if (is_numbered_) head += std::to_string(options_.first + number);
        head += after_;
        return true;
    }

private:
    Options options_;
    std::string bytes_;
    std::string before_;
    std::string after_;
    bool is_numbered_ = false;
    std::uint64_t started_ = 0;
    Clock::time_point begun_;
    Clock::time_point end_;
};

struct Outcome {
    std::vector<double> milliseconds;
    std::uint64_t received = 0;
    std::uint64_t body_of_first = 0;
};

// One connection: writes a request, reads its answer, again.
class Connection {
public:
    Connection(Plan& plan, Outcome& outcome) : plan_(plan), outcome_(outcome) {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(plan.options().port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(socket_, reinterpret_cast<::sockaddr const*>(&address), sizeof address) != 0) {
            throw std::runtime_error("connect: " + std::string(std::strerror(errno)));
        }
        int const on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Connection() { ::close(socket_); }
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    int socket() const { return socket_; }
    bool is_sending() const { return is_active_ && sent_ < head_.size() + plan_.body_size(); }

    // False when there is nothing left to do.
    bool begin() {
        is_active_ = plan_.next(head_);
        sent_ = 0;
        input_.clear();
        left_ = -1;
        began_ = Clock::now();
        return is_active_;
    }

    void send() {
        auto const size = head_.size() + plan_.body_size();
        while (sent_ < size) {
            std::array<::iovec, 6> pieces{};
            std::size_t count = 0;
            for (auto at = sent_; at < size && count < pieces.size(); at += pieces[count++].iov_len) {
                auto const piece =
                    at < head_.size() ? std::string_view{head_}.substr(at) : plan_.body_at(at - head_.size());
                pieces[count] = {const_cast<char*>(piece.data()), piece.size()};
            }
            ::msghdr message{};
            message.msg_iov = pieces.data();
            message.msg_iovlen = count;
            auto const moved = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (moved < 0 && errno == EAGAIN) return;
            if (moved < 0) throw std::runtime_error("send: " + std::string(std::strerror(errno)));
            sent_ += static_cast<std::size_t>(moved);
        }
    }

    // True when the answer has come whole.
    bool receive() {
        if (left_ < 0 && !receive_head()) return false;
        while (left_ > 0) {
            // MSG_TRUNC: TCP drops the bytes instead of copying them.
            auto const wanted = static_cast<std::size_t>(std::min<std::int64_t>(left_, 4 << 20));
            auto const count = ::recv(socket_, nullptr, wanted, MSG_TRUNC | MSG_DONTWAIT);
            if (count < 0 && errno == EAGAIN) return false;
            if (count <= 0) throw std::runtime_error("the connection ended in the middle of an answer");
            left_ -= count;
        }
        std::chrono::duration<double, std::milli> const taken = Clock::now() - began_;
        outcome_.milliseconds.push_back(taken.count());
        return true;
    }

private:
    bool receive_head() {
        std::array<char, 16384> buffer;
        auto const count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return false;
        if (count <= 0) throw std::runtime_error("the connection ended before an answer");
        input_.append(buffer.data(), static_cast<std::size_t>(count));
        auto const end = input_.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        int const status = std::atoi(input_.c_str() + 9);
        if (status != plan_.options().expected) throw std::runtime_error("an answer says " + input_);
        std::string lower = input_.substr(0, end);
        std::ranges::transform(lower, lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        auto const field = lower.find("\r\ncontent-length:");
        if (field == std::string::npos && lower.find("\r\ntransfer-encoding:") != std::string::npos) {
            throw std::runtime_error("an answer is chunked; this program does not read those");
        }
        auto const length =
            field == std::string::npos ? 0 : std::strtoll(lower.c_str() + field + 17, nullptr, 10);
        check_length(static_cast<std::uint64_t>(length));
        left_ = length - static_cast<std::int64_t>(input_.size() - end - 4);
        return true;
    }

    void check_length(std::uint64_t length) {
        if (outcome_.milliseconds.empty()) outcome_.body_of_first = length;
        if (length != outcome_.body_of_first) throw std::runtime_error("an answer has another length");
        outcome_.received += length;
    }

    Plan& plan_;
    Outcome& outcome_;
    int socket_ = -1;
    bool is_active_ = false;
    std::string head_;
    std::size_t sent_ = 0;
    std::string input_;
    std::int64_t left_ = -1;  // bytes of the answer's body; -1: its head is not there yet
    Clock::time_point began_;
};

class Loop {
public:
    Loop(Plan& plan, Outcome& outcome) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < plan.options().connections; ++i) {
            connections_.push_back(std::make_unique<Connection>(plan, outcome));
        }
    }
    ~Loop() { ::close(poll_); }
    Loop(Loop const&) = delete;
    Loop& operator=(Loop const&) = delete;

    void run() {
        std::size_t active = 0;
        for (auto const& connection : connections_) {
            if (!connection->begin()) continue;
            ++active;
            connection->send();
            watch(EPOLL_CTL_ADD, *connection);
        }
        while (active > 0) {
            std::array<::epoll_event, 64> events{};
            int const count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
                bool const was_sending = connection.is_sending();
                if (was_sending) connection.send();
                if (!connection.is_sending() && connection.receive()) {
                    if (!connection.begin()) {
                        --active;
                        ::epoll_ctl(poll_, EPOLL_CTL_DEL, connection.socket(), nullptr);
                        continue;
                    }
                    connection.send();
                }
                if (was_sending != connection.is_sending()) watch(EPOLL_CTL_MOD, connection);
            }
        }
    }

private:
    void watch(int operation, Connection& connection) const {
        ::epoll_event event{};
        event.events = connection.is_sending() ? EPOLLOUT : EPOLLIN;
        event.data.ptr = &connection;
        if (::epoll_ctl(poll_, operation, connection.socket(), &event) != 0) {
            throw std::runtime_error("epoll: " + std::string(std::strerror(errno)));
        }
    }

    int poll_;
    std::vector<std::unique_ptr<Connection>> connections_;
};

double quantile(std::vector<double>& sorted, double part) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Plan plan(parse(argc, argv));
        Outcome outcome;
        Loop loop(plan, outcome);
        auto const begun = Clock::now();
        loop.run();
        std::chrono::duration<double> const taken = Clock::now() - begun;
        std::ranges::sort(outcome.milliseconds);
        auto const requests = outcome.milliseconds.size();
        auto const bytes = outcome.received + requests * plan.body_size();
        std::printf(
            "{\"requests\": %zu, \"seconds\": %.6f, \"rate\": %.2f, \"mib\": %.3f, \"p50\": %.4f, \"p99\": "
            "%.4f}\n",
            requests,
            taken.count(),
            static_cast<double>(requests) / taken.count(),
            static_cast<double>(bytes) / (1 << 20) / taken.count(),
            quantile(outcome.milliseconds, 0.5),
            quantile(outcome.milliseconds, 0.99)
        );
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "http_load: %s\n", error.what());
        return 1;
    }
}
