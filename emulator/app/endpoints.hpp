#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace bluebatch::emulator::app {

struct Endpoints {
    std::string blob;       // "http://127.0.0.1:10000/devstoreaccount1"
    std::string batch;      // "http://127.0.0.1:10003"
    std::string dashboard;  // below the Batch port
    std::string ca = {};    // a file: the certificate of the authority that clients are to trust for HTTPS
    std::string guest_word = {};  // a file: what makes clients guests (shared/http/guest_word.hpp)
};

// An address that listens on every interface is told as the loopback one, which clients can use.
Endpoints make_endpoints(
    std::string const& host,
    std::uint16_t blob_port,
    std::uint16_t batch_port,
    std::string const& blob_account
);

// Tells others where an emulator answers, while it does.
class EndpointsFile {
public:
    // No path: there is no file.
    explicit EndpointsFile(std::filesystem::path file) : file_(std::move(file)) {}
    // Removes it, unless somebody else has written it since.
    ~EndpointsFile();
    EndpointsFile(EndpointsFile const&) = delete;
    EndpointsFile& operator=(EndpointsFile const&) = delete;

    // Removes what an earlier emulator has left there. To be called once it can't be one that still answers.
    void remove_old() const;
    // Atomically: readers see the whole file or none. Throws std::system_error.
    void write(Endpoints const& endpoints);

private:
    std::filesystem::path file_;
    std::string text_;
};

}  // namespace bluebatch::emulator::app
