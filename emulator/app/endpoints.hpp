#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

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

// Atomically: readers see the whole file or none. Throws std::system_error.
void write_endpoints_file(std::filesystem::path const& file, Endpoints const& endpoints);

}  // namespace bluebatch::emulator::app
