#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/server.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bluebatch::http::testing {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    std::filesystem::path const& path() const { return path_; }
    // An open file with that content.
    std::shared_ptr<FileHandle const> make_file(std::string_view content) const;
    std::size_t file_count() const;

private:
    std::filesystem::path path_;
};

std::string read_file(std::filesystem::path const& path);
// Bytes that repeat only after a long time, so that a shifted copy is not equal.
std::string pattern_bytes(std::size_t size);

class FixedClock final : public base::Clock {
public:
    base::TimePoint now() const override { return *base::parse_iso8601("2020-03-21T01:56:52Z"); }
};

// Answers with its functions; counts calls of answer.
class ScriptedService final : public Service {
public:
    std::function<std::variant<Response, BodyPlan>(RequestHead const&)> on_admit;
    std::function<Response(Request)> on_answer;
    std::function<Response(std::exception const&)> on_failed;
    std::atomic<int> answers = 0;

    std::variant<Response, BodyPlan> admit(RequestHead const& head) override { return on_admit(head); }
    Response answer(Request request) override {
        ++answers;
        return on_answer(std::move(request));
    }
    Response too_large(RequestHead const&, std::uint64_t limit) override {
        Response response;
        response.status = 413;
        response.text = "at most " + std::to_string(limit);
        return response;
    }
    Response failed(RequestHead const& head, std::exception const& error) override {
        return on_failed ? on_failed(error) : Service::failed(head, error);
    }
};

// A service that takes bodies up to 64 MiB and says "METHOD path [body]"; larger bodies than 64 KiB are told
// by size.
void make_echo(ScriptedService& service, std::filesystem::path spool_folder);

// A client that speaks bytes. Reads give up after 20 s, which fails the test that waits.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port);
    ~RawConnection();
    RawConnection(RawConnection const&) = delete;
    RawConnection& operator=(RawConnection const&) = delete;

    // False when the peer has closed.
    bool send(std::string_view bytes) const;
    void finish_sending() const;
    // Reads on until the text ends so, or the peer closes.
    std::string read_until(std::string_view end);
    std::string read_exactly(std::size_t size);
    std::string read_to_end();
    // Head and body of one answer with a Content-Length.
    std::string read_answer();
    bool is_closed_by_peer();

private:
    bool receive();
    std::string take(std::size_t size);

    int socket_;
    std::string received_;
};

// Polls until it holds; false after 20 s.
bool eventually(std::function<bool()> const& holds);

}  // namespace bluebatch::http::testing
