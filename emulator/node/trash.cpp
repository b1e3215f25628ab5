#include "emulator/node/trash.hpp"

#include "shared/base/log.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameDigits = 16;

bool is_directory_itself(fs::path const& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
}

std::error_code last_error() {
    return {errno, std::generic_category()};
}

// Goes from folder to folder by descriptors, so that no path becomes too long and no link leads elsewhere.
class TreeRemover {
public:
    explicit TreeRemover(std::stop_token const& stop) : stop_(stop) {}

    // Goes on where something stands in the way, and returns the first fault.
    std::error_code remove(int parent, char const* name) {
        if (stop_.stop_requested() || ::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return {};
        if (errno != EISDIR && errno != EPERM) return last_error();
        auto const fault = empty(parent, name);
        if (stop_.stop_requested()) return fault;
        bool const is_gone = ::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
        return is_gone || fault ? fault : last_error();
    }

private:
    struct CloseFolder {
        void operator()(DIR* folder) const { ::closedir(folder); }
    };
    using Folder = std::unique_ptr<DIR, CloseFolder>;

    static Folder open(int parent, char const* name) {
        constexpr int kHow = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        base::UniqueDescriptor folder{::openat(parent, name, kHow)};
        // Its owner may have taken the rights from it.
        if (!folder && errno == EACCES && ::fchmodat(parent, name, S_IRWXU, 0) == 0)
            folder = base::UniqueDescriptor{::openat(parent, name, kHow)};
        if (!folder) return nullptr;
        ::fchmod(folder.get(), S_IRWXU);
        Folder stream{::fdopendir(folder.get())};
        if (stream) static_cast<void>(folder.release());
        return stream;
    }

    std::error_code empty(int parent, char const* name) {
        Folder const folder = open(parent, name);
        if (!folder) return last_error();
        ++depth_;
        auto const fault = empty(folder.get());
        --depth_;
        return fault;
    }

    std::error_code empty(DIR* folder) {
        int const descriptor = ::dirfd(folder);
        if (depth_ == 1) top_ = descriptor;
        std::error_code fault;
        for (errno = 0; auto const* entry = ::readdir(folder); errno = 0) {
            std::string_view const name = entry->d_name;
            if (name == "." || name == "..") continue;
            if (stop_.stop_requested()) return fault;
            auto const below =
                depth_ < kDeepest ? remove(descriptor, entry->d_name) : lift(descriptor, entry->d_name);
            if (!fault) fault = below;
        }
        if (depth_ > 1) return fault;
        // What was lifted is removed from here.
        for (int done = 0; done < lifted_ && !stop_.stop_requested(); ++done) {
            auto const below = remove(descriptor, lifted_name(done).c_str());
            if (!fault) fault = below;
        }
        return fault;
    }

    // To the top of the tree: each open folder costs a descriptor and a piece of the stack.
    std::error_code lift(int parent, char const* name) {
        if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return {};
        // A folder that goes elsewhere is written to: its ".." is another then.
        ::fchmodat(parent, name, S_IRWXU, 0);
        // Names may be taken: by the task, or by what an emulator that was stopped has lifted.
        while (::renameat2(parent, name, top_, lifted_name(lifted_).c_str(), RENAME_NOREPLACE) != 0) {
            if (errno != EEXIST) return last_error();
            ++lifted_;
        }
        ++lifted_;
        return {};
    }

    static std::string lifted_name(int number) { return fmt::format(".bluebatch-lifted-{}", number); }

    static constexpr int kDeepest = 64;

    std::stop_token const& stop_;
    int depth_ = 0;
    int top_ = -1;
    int lifted_ = 0;  // so many in all
};

}  // namespace

std::error_code remove_tree(fs::path const& path, std::stop_token const& stop) {
    return TreeRemover(stop).remove(AT_FDCWD, path.c_str());
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
            if (auto const fault = remove_tree(it->path(), stop))
                base::log::warning("{} stays behind: {}", it->path().string(), fault.message());
        lock.lock();
    }
}

}  // namespace bluebatch::emulator::node
