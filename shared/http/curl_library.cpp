#include "shared/http/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

namespace bluebatch::http {
namespace {

// Its name since 2006.
constexpr char kFile[] = "libcurl.so.4";

template <class Function>
void find(void* library, char const* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) throw std::runtime_error(fmt::format("{} has no {}", kFile, name));
}

CurlLibrary load() {
    // Stays: its threads and exit handlers may outlive any user.
    void* const library = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(fmt::format("libcurl is missing: {}", ::dlerror()));
    CurlLibrary found{};
    find(library, "curl_global_init", found.global_init);
    find(library, "curl_easy_init", found.easy_init);
    find(library, "curl_easy_cleanup", found.easy_cleanup);
    find(library, "curl_easy_reset", found.easy_reset);
    find(library, "curl_easy_setopt", found.easy_setopt);
    find(library, "curl_easy_getinfo", found.easy_getinfo);
    find(library, "curl_easy_strerror", found.easy_strerror);
    find(library, "curl_multi_init", found.multi_init);
    find(library, "curl_multi_cleanup", found.multi_cleanup);
    find(library, "curl_multi_add_handle", found.multi_add_handle);
    find(library, "curl_multi_remove_handle", found.multi_remove_handle);
    find(library, "curl_multi_perform", found.multi_perform);
    find(library, "curl_multi_poll", found.multi_poll);
    find(library, "curl_multi_wakeup", found.multi_wakeup);
    find(library, "curl_multi_info_read", found.multi_info_read);
    find(library, "curl_slist_append", found.slist_append);
    find(library, "curl_slist_free_all", found.slist_free_all);
    if (found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        throw std::runtime_error("libcurl cannot be initialised");
    return found;
}

}  // namespace

CurlLibrary const& curl() {
    static CurlLibrary const library = load();
    return library;
}

}  // namespace bluebatch::http
