// Adds tasks to a job as fast as the service takes them: signed addtaskcollection requests of 100 tasks each,
// on keep-alive connections with a thread each, so that the generator is not the bottleneck.
//
//   batch_load --port P --account NAME --key BASE64 --job ID --tasks N [--first N] [--connections C]
//              [--command LINE] [--api-version V]
//
// Ids are t0000000, t0000001 ... Prints one line of JSON. Ends with 1 when a task is not accepted.
#include "shared/azure/batch_shared_key.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/time.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace azure = bluebatch::azure;
namespace base = bluebatch::base;
namespace http = bluebatch::http;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kTasksAtOnce = 100;

struct Options {
    std::uint16_t port = 0;
    azure::BatchCredential credential;
    std::string job;
    std::uint64_t tasks = 0;
    std::uint64_t first = 0;
    std::size_t connections = 4;
    std::string command = "/bin/bash -c true";
    std::string api_version = "2024-07-01.20.0";
};

Options parse(int argc, char const* const* argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const name = argv[i];
        std::string const value = argv[i + 1];
        if (name == "--port") options.port = static_cast<std::uint16_t>(std::stoi(value));
        if (name == "--account") options.credential.account = value;
        if (name == "--key") options.credential.key_base64 = value;
        if (name == "--job") options.job = value;
        if (name == "--tasks") options.tasks = std::stoull(value);
        if (name == "--first") options.first = std::stoull(value);
        if (name == "--connections") options.connections = std::stoul(value);
        if (name == "--command") options.command = value;
        if (name == "--api-version") options.api_version = value;
    }
    if (options.port == 0 || options.job.empty() || options.tasks == 0)
        throw std::runtime_error("--port, --account, --key, --job and --tasks are needed");
    return options;
}

std::string make_body(Options const& options, std::uint64_t begin, std::uint64_t end) {
    std::string body = R"({"value":[)";
    for (auto number = begin; number < end; ++number) {
        if (number > begin) body += ',';
        body += fmt::format(R"({{"id":"t{:07}","commandLine":"{}"}})", number, options.command);
    }
    return body + "]}";
}

std::string make_request(Options const& options, std::string const& body) {
    auto const path = "/jobs/" + options.job + "/addtaskcollection";
    std::vector<http::QueryParameter> const query{{"api-version", options.api_version, options.api_version}};
    http::Headers headers{
        {"Content-Type", "application/json; odata=minimalmetadata"},
        {"ocp-date", base::to_rfc1123(base::SystemClock().now())},
    };
    azure::sign_batch_request(http::Verb::post, path, query, headers, body.size(), options.credential);
    auto request = fmt::format(
        "POST {}?api-version={} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n",
        path,
        options.api_version,
        options.port,
        body.size()
    );
    for (auto const& field : headers)
        request += field.name + ": " + field.value + "\r\n";
    return request + "\r\n" + body;
}

class Connection {
public:
    explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<::sockaddr const*>(&address), sizeof address) != 0)
            throw std::runtime_error("connect: " + std::string(std::strerror(errno)));
        int const on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Connection() { ::close(socket_); }
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // The answer with its head; bodies of the service come in chunks.
    std::string exchange(std::string_view request) {
        while (!request.empty()) {
            auto const sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
            if (sent <= 0) throw std::runtime_error("send: " + std::string(std::strerror(errno)));
            request.remove_prefix(static_cast<std::size_t>(sent));
        }
        std::string answer;
        while (!answer.ends_with("\r\n0\r\n\r\n")) {
            std::array<char, 65536> buffer;
            auto const count = ::recv(socket_, buffer.data(), buffer.size(), 0);
            if (count <= 0) throw std::runtime_error("the connection ended in an answer: " + answer);
            answer.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return without_chunks(answer);
    }

private:
    static std::string without_chunks(std::string_view answer) {
        auto at = answer.find("\r\n\r\n") + 4;
        std::string whole(answer.substr(0, at));
        for (;;) {
            auto const size =
                std::stoull(std::string(answer.substr(at, answer.find('\r', at) - at)), nullptr, 16);
            if (size == 0) return whole;
            at = answer.find('\n', at) + 1;
            whole += answer.substr(at, size);
            at += size + 2;
        }
    }

    int socket_;
};

void check(std::string const& answer, std::uint64_t tasks) {
    constexpr std::string_view kSuccess = R"("status":"Success")";
    std::uint64_t accepted = 0;
    for (auto at = answer.find(kSuccess); at != std::string::npos; at = answer.find(kSuccess, at + 1))
        ++accepted;
    if (!answer.starts_with("HTTP/1.1 200") || accepted != tasks)
        throw std::runtime_error("an answer says " + answer.substr(0, 2000));
}

class Load {
public:
    explicit Load(Options options) : options_(std::move(options)), next_(options_.first) {}

    void run() {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < options_.connections; ++i)
            threads.emplace_back([this] { work(); });
        for (auto& thread : threads)
            thread.join();
        if (failure_) std::rethrow_exception(failure_);
    }

    std::vector<double> sorted_milliseconds() const {
        auto sorted = milliseconds_;
        std::ranges::sort(sorted);
        return sorted;
    }

private:
    void work() {
        try {
            Connection connection(options_.port);
            std::vector<double> taken;
            auto const end = options_.first + options_.tasks;
            for (auto begin = next_.fetch_add(kTasksAtOnce); begin < end;
                 begin = next_.fetch_add(kTasksAtOnce)) {
                auto const until = std::min(begin + kTasksAtOnce, end);
                auto const request = make_request(options_, make_body(options_, begin, until));
                auto const began = Clock::now();
                check(connection.exchange(request), until - begin);
                taken.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
            }
            std::scoped_lock const lock(mutex_);
            milliseconds_.insert(milliseconds_.end(), taken.begin(), taken.end());
        } catch (...) {
            next_ = UINT64_MAX / 2;
            std::scoped_lock const lock(mutex_);
            failure_ = std::current_exception();
        }
    }

    Options const options_;
    std::atomic<std::uint64_t> next_;
    std::mutex mutex_;
    std::vector<double> milliseconds_;
    std::exception_ptr failure_;
};

double processor_seconds() {
    ::rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](::timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double quantile(std::vector<double> const& sorted, double part) {
    return sorted.at(static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1)));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        auto const options = parse(argc, argv);
        Load load(options);
        auto const began = Clock::now();
        load.run();
        std::chrono::duration<double> const taken = Clock::now() - began;
        auto const milliseconds = load.sorted_milliseconds();
        fmt::print(
            "{{\"tasks\": {}, \"seconds\": {:.3f}, \"rate\": {:.1f}, \"p50\": {:.3f}, \"p99\": {:.3f}, "
            "\"processor\": {:.3f}}}\n",
            options.tasks,
            taken.count(),
            static_cast<double>(options.tasks) / taken.count(),
            quantile(milliseconds, 0.5),
            quantile(milliseconds, 0.99),
            processor_seconds()
        );
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "batch_load: {}\n", error.what());
        return 1;
    }
}
