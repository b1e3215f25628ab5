#include "emulator/app/endpoints.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <fstream>
#include <system_error>

namespace bluebatch::emulator::app {

namespace {

std::string to_text(Endpoints const& endpoints) {
    using nlohmann::ordered_json;
    ordered_json const members{
        {"blob", endpoints.blob},
        {"batch", endpoints.batch},
        {"dashboard", endpoints.dashboard},
        {"pid", ::getpid()},
        {"ca", endpoints.ca.empty() ? ordered_json() : ordered_json(endpoints.ca)},
    };
    return members.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

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
    Endpoints endpoints;
    endpoints.blob = fmt::format("http://{}:{}/{}", name, blob_port, blob_account);
    endpoints.batch = batch;
    endpoints.dashboard = batch + "/_bluebatch/ui/";
    return endpoints;
}

void EndpointsFile::remove_old() const {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file_, ignored)) std::filesystem::remove(file_, ignored);
}

EndpointsFile::~EndpointsFile() {
    if (text_.empty()) return;
    std::ifstream stream(file_);
    std::string const text{std::istreambuf_iterator<char>(stream), {}};
    std::error_code ignored;
    if (text == text_) std::filesystem::remove(file_, ignored);
}

void EndpointsFile::write(Endpoints const& endpoints) {
    if (file_.empty()) return;
    auto text = to_text(endpoints);
    auto const draft = std::filesystem::path(file_).concat(fmt::format(".{}", ::getpid()));
    std::ofstream out(draft);
    out << text;
    out.close();
    auto error = out ? std::error_code{} : std::error_code{errno, std::generic_category()};
    if (!error) std::filesystem::rename(draft, file_, error);
    if (error) {
        std::error_code ignored;
        std::filesystem::remove(draft, ignored);
        throw std::system_error(error, fmt::format("can't write {}", file_.string()));
    }
    text_ = std::move(text);
}

}  // namespace bluebatch::emulator::app
