#include "emulator/node/trash.hpp"

#include <utility>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameDigits = 16;

bool is_directory_itself(fs::path const& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

}  // namespace

std::error_code remove_tree(fs::path const& path, std::stop_token const& stop) {
    std::error_code fault;
    if (stop.stop_requested()) return fault;
    if (is_directory_itself(path)) {
        std::error_code error;
        fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, error);
        for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
            auto const below = remove_tree(it->path(), stop);
            if (!fault) fault = below;
        }
        if (!fault) fault = error;
    }
    std::error_code error;
    if (!stop.stop_requested()) fs::remove(path, error);
    return fault ? fault : error;
}

Trash::Trash(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
    std::scoped_lock const lock(mutex_);
    if (!fs::is_empty(folder_)) begin_to_empty();
}

std::error_code Trash::throw_away(fs::path const& path) {
    auto const target = folder_ / random_.hex(kNameDigits);
    std::error_code error;
    fs::rename(path, target, error);
    if (error == std::errc::permission_denied && is_directory_itself(path)) {
        // A folder that goes elsewhere is written to: its ".." is another then.
        fs::permissions(path, fs::perms::owner_all, fs::perm_options::add, error);
        if (!error) fs::rename(path, target, error);
    }
    if (error) return error;
    {
        std::scoped_lock const lock(mutex_);
        begin_to_empty();
    }
    something_thrown_away_.notify_one();
    return {};
}

void Trash::begin_to_empty() {
    is_full_ = true;
    if (!remover_.joinable()) remover_ = std::jthread([this](std::stop_token const& stop) { empty(stop); });
}

void Trash::empty(std::stop_token const& stop) {
    std::unique_lock lock(mutex_);
    while (something_thrown_away_.wait(lock, stop, [this] { return is_full_; })) {
        is_full_ = false;
        lock.unlock();
        std::error_code error;
        for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error))
            remove_tree(it->path(), stop);
        lock.lock();
    }
}

}  // namespace bluebatch::emulator::node
