#pragma once

#include "shared/http/client.hpp"
#include "shared/http/incoming_body.hpp"
#include "shared/http/url.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace bluebatch::emulator::blob {

// Plays every server that is not ours: answers by what was put under a URL's path.
class ForeignServer final : public http::Client {
public:
    struct File {
        std::string body{};
        http::Headers headers{};
        int status = 200;
        bool has_head = true;
        bool is_held = false;  // the body comes only once it is let go
    };

    void put(std::string const& path, File file) {
        std::scoped_lock const lock(mutex_);
        files_[path] = std::move(file);
        changed_.notify_all();
    }
    void let_go(std::string const& path) {
        std::scoped_lock const lock(mutex_);
        files_.at(path).is_held = false;
        changed_.notify_all();
    }
    std::vector<http::OutgoingRequest> requests() {
        std::scoped_lock const lock(mutex_);
        return requests_;
    }

    base::Result<http::IncomingResponse, http::TransportError> send(
        http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token stop
    ) override {
        std::unique_lock lock(mutex_);
        requests_.push_back(request);
        auto const url = http::parse_url(request.url);
        if (!url) return http::TransportError{http::TransportFault::bad_url, ""};
        if (url->host == "gone.example") return http::TransportError{http::TransportFault::refused, "gone"};
        std::string const path{url->target.substr(0, url->target.find('?'))};
        auto const found = files_.find(path);
        if (found == files_.end()) return answer(404, {}, "<Error><Code>BlobNotFound</Code></Error>");
        if (request.verb == http::Verb::head) {
            if (!found->second.has_head) return answer(405, {}, {});
            auto headers = found->second.headers;
            headers.set("Content-Length", std::to_string(found->second.body.size()));
            return answer(found->second.status, headers, {});
        }
        changed_.wait(lock, stop, [&] { return !files_.at(path).is_held; });
        if (stop.stop_requested()) return http::TransportError{http::TransportFault::cancelled, ""};
        auto const file = files_.at(path);
        lock.unlock();
        return serve(file, request, sink);
    }

private:
    static http::IncomingResponse answer(int status, http::Headers headers, std::string body) {
        return {status, std::move(headers), std::move(body)};
    }

    static base::Result<http::IncomingResponse, http::TransportError> serve(
        File const& file, http::OutgoingRequest const& request, http::BodySink const& sink
    ) {
        auto const match = request.headers.find("If-Match");
        if (match && *match != file.headers.get("ETag")) return answer(412, {}, {});
        http::IncomingResponse response{file.status, file.headers, {}};
        std::string_view rest = file.body;
        auto const range = request.headers.get("Range");
        if (!range.empty() && file.status == 200) {
            auto const dash = range.find('-');
            auto const first = std::stoull(std::string{range.substr(6, dash - 6)});
            auto const last = std::stoull(std::string{range.substr(dash + 1)});
            if (first >= file.body.size())
                return answer(416, {{"Content-Range", "bytes */" + std::to_string(file.body.size())}}, {});
            rest = rest.substr(first, last - first + 1);
            response.status = 206;
            response.headers.set(
                "Content-Range", std::string{range.substr(6)} + "/" + std::to_string(file.body.size())
            );
        }
        http::IncomingBody body(sink, response.body);
        constexpr std::size_t kPiece = 100'000;
        for (; !rest.empty(); rest.remove_prefix(std::min(kPiece, rest.size()))) {
            if (!body.take(response.status, rest.substr(0, kPiece)))
                return http::TransportError{body.why(), ""};
        }
        return response;
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::map<std::string, File> files_;
    std::vector<http::OutgoingRequest> requests_;
};

}  // namespace bluebatch::emulator::blob
