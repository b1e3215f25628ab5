#pragma once

#include "shared/http/client.hpp"
#include "shared/http/curl_library.hpp"
#include "shared/http/incoming_body.hpp"

#include <array>
#include <exception>
#include <memory>
#include <string>

namespace bluebatch::http {

// CURL and CURLM are both void, so each kind needs a deleter of its own.
template <auto cleanup>
struct CurlDeleter {
    template <class T>
    void operator()(T* handle) const {
        (curl().*cleanup)(handle);
    }
};
using CurlEasy = std::unique_ptr<CURL, CurlDeleter<&CurlLibrary::easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, CurlDeleter<&CurlLibrary::multi_cleanup>>;

class CurlList {
public:
    void add(std::string const& line);
    curl_slist* get() const { return list_.get(); }

private:
    std::unique_ptr<curl_slist, CurlDeleter<&CurlLibrary::slist_free_all>> list_;
};

// One request on one easy handle: sets the handle's options and is what its callbacks talk to. Stays where it
// is from prepare() to result(); the request must outlive it.
class CurlTransfer {
public:
    CurlTransfer(
        CURL* easy, OutgoingRequest const& request, BodySink const& sink, ClientOptions const& options
    );
    ~CurlTransfer() { curl().easy_reset(easy_); }  // it points here
    CurlTransfer(CurlTransfer const&) = delete;
    CurlTransfer& operator=(CurlTransfer const&) = delete;

    // An error for what curl need not be asked about: a URL that is none, a header field with a line break.
    base::Result<void, TransportError> prepare();
    // Throws what a callback threw.
    base::Result<IncomingResponse, TransportError> result(CURLcode code);
    TransportError error(TransportFault fault, std::string const& text) const;

private:
    void set_headers();
    void set_method_and_body();
    void set_route();
    void set_patience();
    static TransportFault fault_of(CURLcode code);

    static std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* self);
    static int on_ready(void* self, char* remote, char* local, int remote_port, int local_port);
    static int on_seek(void* self, curl_off_t offset, int origin);
    static std::size_t on_header(char const* line, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char const* bytes, std::size_t size, std::size_t count, void* self);
    std::size_t upload(std::span<char> into);
    void take_header(std::string_view line);
    std::size_t take_body(std::string_view bytes);

    CURL* easy_;
    OutgoingRequest const& request_;
    ClientOptions const& options_;
    std::string authority_;
    CurlList headers_;
    CurlList resolve_;
    std::array<char, CURL_ERROR_SIZE> detail_{};
    std::uint64_t uploaded_ = 0;
    IncomingResponse response_;
    IncomingBody body_;
    bool refused_body_ = false;
    bool failed_to_read_ = false;
    int times_sent_ = 0;
    std::exception_ptr exception_;  // of a callback: must not pass through curl's C code
};

}  // namespace bluebatch::http
