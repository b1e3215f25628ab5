#include "emulator/app/endpoints.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <system_error>

namespace bluebatch::emulator::app {

Endpoints make_endpoints(
    std::string const& host,
    std::uint16_t blob_port,
    std::uint16_t batch_port,
    std::string const& blob_account
) {
    bool const every_interface = host == "0.0.0.0" || host == "::";
    bool const ipv6 = host.find(':') != std::string::npos && !every_interface;
    auto const name = every_interface ? "127.0.0.1" : ipv6 ? fmt::format("[{}]", host) : host;
    auto const batch = fmt::format("http://{}:{}", name, batch_port);
    return {fmt::format("http://{}:{}/{}", name, blob_port, blob_account), batch, batch + "/_bluebatch/ui/"};
}

void write_endpoints_file(std::filesystem::path const& file, Endpoints const& endpoints) {
    auto const draft = std::filesystem::path(file).concat(fmt::format(".{}", ::getpid()));
    std::ofstream out(draft);
    out << fmt::format(
        R"({{"blob": "{}", "batch": "{}", "dashboard": "{}", "pid": {}, "ca": null}})"
        "\n",
        endpoints.blob,
        endpoints.batch,
        endpoints.dashboard,
        ::getpid()
    );
    out.close();
    if (!out)
        throw std::system_error(
            errno, std::generic_category(), fmt::format("can't write {}", draft.string())
        );
    std::filesystem::rename(draft, file);
}

}  // namespace bluebatch::emulator::app
