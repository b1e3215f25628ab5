#pragma once

#include "shared/base/digest.hpp"
#include "shared/http/body_filter.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::http {

enum class Verb : std::uint8_t { get, head, put, post, remove, patch, options, merge, other };

std::string_view to_string(Verb verb);
Verb parse_verb(std::string_view method);

// Header fields in the order they came; names compare without case; a repeated name keeps every value.
class Headers {
public:
    struct Field {
        std::string name;
        std::string value;
    };

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    void set(std::string_view name, std::string value);  // replaces what was there
    void add(std::string_view name, std::string value);
    void erase(std::string_view name);
    // The first value of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    // The same, or "" when there is none.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const { return find(name).has_value(); }

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    bool empty() const { return fields_.empty(); }

private:
    std::vector<Field> fields_;
};

struct QueryParameter {
    std::string name;       // percent-decoded
    std::string value;      // percent-decoded; '+' is a blank
    std::string raw_value;  // as sent
};

enum class Scheme : std::uint8_t { http, https };

// Everything of a request but its body.
struct RequestHead {
    Verb verb = Verb::other;
    std::string method;     // as sent
    std::string path;       // as sent: percent-encoded, without the query
    std::string raw_query;  // as sent, without '?'
    std::vector<QueryParameter> query;
    Headers headers;
    std::string peer_address;  // "127.0.0.1"
    Scheme scheme = Scheme::http;
    bool is_inner = false;  // made within this process, for a node or another service
    bool is_guest = false;  // its connection began with the server's word for guests (guest_word.hpp)
    std::optional<std::uint64_t> content_length;  // as sent; empty for chunked and bodyless requests

    std::optional<std::string_view> find_query(std::string_view name) const;
    std::optional<std::string_view> find_query_ignoring_case(std::string_view name) const;
    std::string_view host() const { return headers.get("Host"); }
};

// Fills path, raw_query and query from a request target ("/a%20b?x=1" or the absolute form). False when it is
// malformed.
bool parse_target(std::string_view target, RequestHead& head);

// An open, immutable file; closed with its last owner, so an unlinked file stays readable to those who hold
// it.
class FileHandle {
public:
    explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
    virtual ~FileHandle();
    FileHandle(FileHandle const&) = delete;
    FileHandle& operator=(FileHandle const&) = delete;
    // A derived class may open its file at the first call: it throws std::system_error when that fails, and
    // is not for two threads at once.
    virtual int descriptor() const { return descriptor_; }
    // For whoever has read the file and keeps it for later: closed, if descriptor() can open it again.
    virtual void rest() const {}

protected:
    FileHandle() = default;

private:
    int descriptor_ = -1;
};

struct FileSlice {
    std::shared_ptr<FileHandle const> file;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// A file on disk that its owner may rename away (release) and that is otherwise removed.
class SpooledFile {
public:
    explicit SpooledFile(std::filesystem::path path) : path_(std::move(path)) {}
    ~SpooledFile();
    SpooledFile(SpooledFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    SpooledFile& operator=(SpooledFile&& other) noexcept;
    std::filesystem::path const& path() const { return path_; }
    std::filesystem::path release() && { return std::exchange(path_, {}); }

private:
    std::filesystem::path path_;
};

// A request's body: in memory while small, else in a spooled file; its digests are known when the plan asked.
struct Body {
    std::string bytes = {};                // the whole body, when `file` is empty
    std::optional<SpooledFile> file = {};  // the whole body otherwise
    std::uint64_t size = 0;
    std::optional<base::Md5Digest> md5 = {};
    std::optional<std::uint64_t> crc64 = {};
    std::shared_ptr<BodyFilter> filter = {};  // that of the plan, to be asked how it went
};

struct Request : RequestHead {
    Body body;
};

enum class Framing : std::uint8_t { content_length, chunked };

// What an answer carries: text, then slices of files in order; both may be empty. Every member has an
// initializer, so that designated ones may leave any out without a warning.
struct Response {
    int status = 200;
    std::string reason = {};  // empty: the usual phrase of the status
    // Without Content-Length, Transfer-Encoding, Connection and Date: the server writes those.
    Headers headers = {};
    std::string text = {};
    std::vector<FileSlice> slices = {};
    Framing framing = Framing::content_length;
    // An answer to HEAD states the length that GET would have: Content-Length is then written from here.
    std::optional<std::uint64_t> content_length = {};
    bool close_connection = false;

    std::uint64_t body_size() const;
};

std::string percent_decode(std::string_view text);
// Decodes "%XX" and turns '+' into a blank, as forms do.
std::string form_decode(std::string_view text);
// Leaves letters, digits and "-._~" (and '/' where told) as they are.
enum class KeepSlash : std::uint8_t { no, yes };
std::string percent_encode(std::string_view text, KeepSlash keep_slash = KeepSlash::no);

}  // namespace bluebatch::http
