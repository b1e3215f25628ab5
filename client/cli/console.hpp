#pragma once

#include "client/cli/options.hpp"

#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// Reads a line that a person types; a stop request ends the wait.
class LineReader {
public:
    virtual ~LineReader() = default;
    // Without its end; nothing at the end of input or when stopped.
    virtual std::optional<std::string> read_line(std::stop_token stop) = 0;
};

// Reads a file descriptor, byte by byte so that nothing is taken that belongs to somebody else.
class DescriptorLineReader final : public LineReader {
public:
    explicit DescriptorLineReader(int descriptor) : descriptor_(descriptor) {}
    std::optional<std::string> read_line(std::stop_token stop) override;

private:
    int descriptor_;
};

enum class Device : std::uint8_t { plain, terminal };

struct ConsoleStreams {
    std::ostream& out;
    std::ostream& err;
    LineReader& in;
    Device out_device = Device::plain;
    Device err_device = Device::plain;
    bool colours = false;  // only ever on a terminal
    Device in_device = Device::plain;
    std::function<unsigned()> width = {};   // of the terminal; 0 when it is not known
    std::function<bool()> has_reader = {};  // whether somebody may still read what goes to `out`
};

// Everything the program says. Lines for people go to standard output, or to standard error when a JSON
// summary is asked for. Thread-safe.
class Console {
public:
    Console(ConsoleStreams streams, OutputForm form) : streams_(streams), form_(form) {}

    void line(std::string_view text = {});
    // What is worth knowing but is not part of the run's story: always on standard error.
    void note(std::string_view text);
    void error(std::string_view text);
    // On a terminal, the last line, which the next call replaces; elsewhere nothing.
    void status(std::string_view text);
    void clear_status() { status({}); }
    bool shows_status() const { return human_device() == Device::terminal; }
    // As it is, without an end of line: contents of files. Whether it could be written.
    bool write(std::string_view bytes);
    bool write_error(std::string_view bytes);
    // False once the reader of a pipe has gone, or a write has failed. What goes on until it is stopped asks.
    bool has_reader();
    bool is_terminal() const { return streams_.out_device == Device::terminal; }
    bool has_colours() const { return streams_.colours && is_terminal(); }
    // Of the terminal that shows standard output; 0 without one.
    unsigned width() const { return is_terminal() && streams_.width ? streams_.width() : 0; }
    // The one JSON document on standard output.
    void json(std::string_view document);

    // "Delete job? [Y/n]": yes unless the answer begins with n. At the end of input yes, when stopped no.
    bool confirm(std::string_view question, Answer answer, std::stop_token stop);
    // Whether somebody sits there who could be asked.
    bool can_ask() const {
        return streams_.in_device == Device::terminal &&
               (streams_.err_device == Device::terminal || streams_.out_device == Device::terminal);
    }
    // "Delete pool p? [y/N]": no unless the answer begins with y. For what can't be undone.
    bool confirm_loss(std::string_view question, std::stop_token stop);

private:
    std::ostream& human() const { return form_ == OutputForm::json ? streams_.err : streams_.out; }
    Device human_device() const {
        return form_ == OutputForm::json ? streams_.err_device : streams_.out_device;
    }
    void erase_status();
    void draw_status();

    ConsoleStreams streams_;
    OutputForm form_;
    std::mutex mutex_;
    std::string status_;
};

}  // namespace bluebatch::cli
