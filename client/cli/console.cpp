#include "client/cli/console.hpp"

#include "shared/base/text.hpp"

#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <ostream>
#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::size_t kLongestLine = 4096;

class EventDescriptor {
public:
    EventDescriptor() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~EventDescriptor() { ::close(descriptor_); }
    EventDescriptor(EventDescriptor const&) = delete;
    EventDescriptor& operator=(EventDescriptor const&) = delete;
    int get() const { return descriptor_; }
    void signal() const { ::eventfd_write(descriptor_, 1); }

private:
    int descriptor_;
};

// Whether a byte can be read before the other descriptor speaks.
bool wait_for_input(int input, int stopped) {
    for (;;) {
        std::array<pollfd, 2> wanted{{{input, POLLIN, 0}, {stopped, POLLIN, 0}}};
        if (::poll(wanted.data(), wanted.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return false;
        }
        return wanted[1].revents == 0;
    }
}

}  // namespace

std::optional<std::string> DescriptorLineReader::read_line(std::stop_token stop) {
    EventDescriptor const stopped;
    std::stop_callback const wake(stop, [&stopped] { stopped.signal(); });
    std::string line;
    while (line.size() < kLongestLine && wait_for_input(descriptor_, stopped.get())) {
        char byte = 0;
        auto const count = ::read(descriptor_, &byte, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        if (byte == '\n') return line;
        line += byte;
    }
    if (line.empty() || stop.stop_requested()) return std::nullopt;
    return line;
}

void Console::line(std::string_view text) {
    std::scoped_lock const lock(mutex_);
    erase_status();
    human() << text << '\n';
    draw_status();
    human().flush();
}

void Console::note(std::string_view text) {
    std::scoped_lock const lock(mutex_);
    erase_status();
    streams_.err << (streams_.colours ? kDim : "") << text << (streams_.colours ? kReset : "") << '\n';
    draw_status();
    streams_.err.flush();
}

void Console::error(std::string_view text) {
    std::scoped_lock const lock(mutex_);
    erase_status();
    streams_.err << (streams_.colours ? kRed : "") << "bluebatch: " << (streams_.colours ? kReset : "")
                 << text << '\n';
    draw_status();
    streams_.err.flush();
}

void Console::status(std::string_view text) {
    if (!shows_status()) return;
    std::scoped_lock const lock(mutex_);
    erase_status();
    status_ = text;
    draw_status();
    human().flush();
}

bool Console::write(std::string_view bytes) {
    std::scoped_lock const lock(mutex_);
    streams_.out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    streams_.out.flush();
    return streams_.out.good();
}

bool Console::write_error(std::string_view bytes) {
    std::scoped_lock const lock(mutex_);
    streams_.err.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    streams_.err.flush();
    return streams_.err.good();
}

bool Console::has_reader() {
    std::scoped_lock const lock(mutex_);
    return streams_.out.good() && (!streams_.has_reader || streams_.has_reader());
}

void Console::json(std::string_view document) {
    std::scoped_lock const lock(mutex_);
    erase_status();
    streams_.out << document << '\n';
    streams_.out.flush();
}

bool Console::confirm(std::string_view question, Answer answer, std::stop_token stop) {
    {
        std::scoped_lock const lock(mutex_);
        erase_status();
        status_.clear();
        human() << question << " [Y/n] ";
        if (answer == Answer::yes) human() << "y\n";
        human().flush();
    }
    if (answer == Answer::yes) return true;
    auto const typed = streams_.in.read_line(stop);
    if (!typed) line();
    if (!typed && stop.stop_requested()) return false;
    return !typed || !base::starts_with_ignoring_case(base::trim(*typed), "n");
}

bool Console::confirm_loss(std::string_view question, std::stop_token stop) {
    // Where it is seen, although one of the two may go elsewhere.
    auto& screen = streams_.err_device == Device::terminal ? streams_.err : streams_.out;
    {
        std::scoped_lock const lock(mutex_);
        erase_status();
        status_.clear();
        screen << question << " [y/N] ";
        screen.flush();
    }
    auto const typed = streams_.in.read_line(std::move(stop));
    if (!typed) {
        std::scoped_lock const lock(mutex_);
        screen << '\n';
        screen.flush();
    }
    return typed && base::starts_with_ignoring_case(base::trim(*typed), "y");
}

void Console::erase_status() {
    if (!status_.empty()) human() << kEraseLine;
}

void Console::draw_status() {
    if (!status_.empty()) human() << status_;
}

}  // namespace bluebatch::cli
