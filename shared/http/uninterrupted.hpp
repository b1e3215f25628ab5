#pragma once

#include <sys/types.h>

#include <cerrno>

namespace bluebatch::http {

// Makes a system call again for as long as only signals cut it short.
template <class Call>
::ssize_t uninterrupted(Call call) {
    for (;;) {
        ::ssize_t const moved = call();
        if (moved >= 0 || errno != EINTR) return moved;
    }
}

}  // namespace bluebatch::http
