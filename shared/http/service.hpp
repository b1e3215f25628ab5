#pragma once

#include "shared/base/spare_files.hpp"
#include "shared/http/body_filter.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <variant>

namespace bluebatch::http {

// How the server shall take a request's body.
struct BodyPlan {
    std::uint64_t limit = 0;  // more than this many bytes: `answer` is not called, `too_large` answers
    std::uint64_t memory_limit = 64 << 10;  // larger bodies are spooled to a file
    bool digest_md5 = false;
    bool digest_crc64 = false;
    std::shared_ptr<BodyFilter> filter = {};             // limits hold for what comes before it
    std::filesystem::path spool_folder = {};             // required when limit > memory_limit
    std::shared_ptr<base::SpareFiles> spare_files = {};  // of that folder; none: each body fills a new file
};

// What stands behind a port. All of it is called on any of the server's threads, many at a time.
class Service {
public:
    virtual ~Service() = default;

    // The head has been read, no byte of the body yet (and no 100 Continue sent): answer at once, which
    // refuses the body, or say how to take it. Authentication belongs here.
    virtual std::variant<Response, BodyPlan> admit(RequestHead const& head) = 0;
    virtual Response answer(Request request) = 0;
    virtual Response too_large(RequestHead const& head, std::uint64_t limit) = 0;
    // The machine failed while a body arrived that was admitted: its disk is full, say. A plain 500 unless
    // the service has words of its own.
    virtual Response failed(RequestHead const& head, std::exception const& error);
};

}  // namespace bluebatch::http
