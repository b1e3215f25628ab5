#include "shared/http/client.hpp"
#include "shared/http/curl_transfer.hpp"
#include "shared/http/probe.hpp"

#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::http {

namespace {

constexpr std::size_t kMostIdle = 64;
constexpr int kPollMilliseconds = 1000;

// curl's connections belong to a multi handle, so each pair keeps its own alive.
struct Line {
    CurlMulti multi;
    CurlEasy easy;  // after multi, so that it goes first
};

Line make_line() {
    Line line{CurlMulti(curl().multi_init()), CurlEasy(curl().easy_init())};
    if (!line.multi || !line.easy) throw std::bad_alloc();
    return line;
}

// Holds the easy handle inside the multi handle.
class Attached {
public:
    explicit Attached(Line const& line) : line_(line) {
        curl().multi_add_handle(line_.multi.get(), line_.easy.get());
    }
    ~Attached() { curl().multi_remove_handle(line_.multi.get(), line_.easy.get()); }
    Attached(Attached const&) = delete;
    Attached& operator=(Attached const&) = delete;

private:
    Line const& line_;
};

// Nothing when the stop token cut it short.
std::optional<CURLcode> perform(Line const& line, std::stop_token const& stop) {
    auto* const multi = line.multi.get();
    std::stop_callback const waker(stop, [multi] { curl().multi_wakeup(multi); });
    int running = 1;
    for (;;) {
        if (stop.stop_requested()) return std::nullopt;
        if (curl().multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
        if (running == 0) break;
        curl().multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
    }
    int left = 0;
    while (auto const* message = curl().multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) return message->data.result;
    }
    return CURLE_FAILED_INIT;
}

// Of the server itself, the first of the certificates that it showed: lines as "Issuer:CN = ...".
std::optional<ServerCertificate> read_certificate(CURL* easy) {
    curl_certinfo* chain = nullptr;
    if (curl().easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain) return std::nullopt;
    if (chain->num_of_certs < 1) return std::nullopt;
    ServerCertificate certificate;
    for (auto const* line = chain->certinfo[0]; line != nullptr; line = line->next) {
        std::string_view const text(line->data);
        auto const value = text.substr(text.find(':') + 1);
        if (text.starts_with("Subject:")) certificate.subject = value;
        if (text.starts_with("Issuer:")) certificate.issuer = value;
        if (text.starts_with("Expire date:")) certificate.expires = value;
    }
    return certificate;
}

class NetworkClient final : public Client {
public:
    explicit NetworkClient(ClientOptions options) : options_(std::move(options)) {}

    base::Result<IncomingResponse, TransportError> send(
        OutgoingRequest const& request, BodySink const& sink, std::stop_token stop
    ) override {
        auto line = take_line();
        auto outcome = perform_on(line, request, sink, stop);
        // An attempt that failed may have left its connection half used.
        if (outcome) give_back(std::move(line));
        return outcome;
    }

private:
    base::Result<IncomingResponse, TransportError> perform_on(
        Line const& line, OutgoingRequest const& request, BodySink const& sink, std::stop_token const& stop
    ) const {
        CurlTransfer transfer(line.easy.get(), request, sink, options_);
        if (auto const prepared = transfer.prepare(); !prepared) return prepared.error();
        std::optional<CURLcode> code;
        {
            Attached const attached(line);
            code = perform(line, stop);
        }
        if (!code) return transfer.error(TransportFault::cancelled, "cancelled");
        return transfer.result(*code);
    }

    Line take_line() {
        std::lock_guard const lock(mutex_);
        if (idle_.empty()) return make_line();
        auto line = std::move(idle_.back());
        idle_.pop_back();
        return line;
    }

    void give_back(Line line) {
        std::lock_guard const lock(mutex_);
        if (idle_.size() < kMostIdle) idle_.push_back(std::move(line));
    }

    ClientOptions options_;
    std::mutex mutex_;
    std::vector<Line> idle_;
};

}  // namespace

base::Result<ProbeAnswer, TransportError> probe(
    OutgoingRequest const& request, ClientOptions const& options, std::stop_token stop
) {
    auto const line = make_line();
    auto* const easy = line.easy.get();
    BodySink const keep;
    CurlTransfer transfer(easy, request, keep, options);
    if (auto const prepared = transfer.prepare(); !prepared) return prepared.error();
    curl().easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    std::optional<CURLcode> code;
    {
        Attached const attached(line);
        code = perform(line, stop);
    }
    if (!code) return transfer.error(TransportFault::cancelled, "cancelled");
    auto response = transfer.result(*code);
    if (!response) return response.error();
    char const* address = nullptr;
    curl().easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
    return ProbeAnswer{*std::move(response), address ? address : "", read_certificate(easy)};
}

std::unique_ptr<Client> make_network_client(ClientOptions options) {
    return std::make_unique<NetworkClient>(std::move(options));
}

}  // namespace bluebatch::http
