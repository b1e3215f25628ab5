#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// What the command line asked for; each command of the program is one struct.
namespace bluebatch::cli {

enum class Target : std::uint8_t { emulator, azure };

struct ConnectionOptions {
    Target target = Target::emulator;
    std::optional<std::string> batch_url;
    std::optional<std::string> batch_account;
    std::optional<std::string> batch_key;
    std::optional<std::string> blob_url;
    std::optional<std::string> storage_account;
    std::optional<std::string> storage_key;
    std::optional<std::string> sas;
    std::optional<std::string> connection_string;
    std::optional<std::string> auth;
    std::optional<std::string> cloud;
    std::optional<std::filesystem::path> endpoints_file;
    std::optional<std::filesystem::path> config_file;
    std::optional<std::string> ca_file;
    std::vector<std::string> resolve;  // "HOST:PORT:ADDRESS:PORT"
};

enum class NodeKind : std::uint8_t { spot, dedicated };
enum class Keep : std::uint8_t { no, yes };
enum class Answer : std::uint8_t { ask, yes };
enum class OutputForm : std::uint8_t { text, json };

struct TranscodeOptions {
    ConnectionOptions connection;
    std::filesystem::path input;
    std::filesystem::path output;
    std::string pattern;  // empty: every media file
    std::string command = "ffmpeg -i {input} {output}";
    std::string extension = ".mp3";
    int nodes = 5;
    int slots = 1;
    NodeKind node_kind = NodeKind::spot;
    std::string vm_size = "STANDARD_A1_v2";
    std::string start_task = R"(/bin/bash -c "apt-get update && apt-get install -y ffmpeg")";  // empty: none
    std::string pool_id = "LinuxFFmpegPool";
    std::string job_id = "LinuxFFmpegJob";
    std::string container_prefix;
    std::chrono::seconds timeout{30 * 60};
    Keep job = Keep::no;
    Keep pool = Keep::no;
    Answer answer = Answer::ask;
    OutputForm form = OutputForm::text;
};

// bluebatch run: a program written for Azure, on the emulator.
struct RunOptions {
    ConnectionOptions connection;
    bool offline = false;            // nothing else is reached
    bool strict = false;             // only accounts that the emulator has, with their keys
    bool quiet = false;              // no summary
    std::vector<std::string> words;  // the program and its arguments
};

// bluebatch doctor: what is missing.
struct DoctorOptions {
    ConnectionOptions connection;
    bool write = false;
    OutputForm form = OutputForm::text;
};

}  // namespace bluebatch::cli
