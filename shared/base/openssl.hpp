#pragma once

#include <memory>
#include <string>

struct ossl_lib_ctx_st;

// For the files that talk to OpenSSL 3; its headers stay in them.
namespace bluebatch::base {

// Calls `release`, a function of OpenSSL, for what it is given.
template <auto release>
struct OpensslRelease {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, OpensslRelease<release>>;

// What fails leaves a note with OpenSSL, which would be taken for the reason of the next failure.
struct OpensslNotes {
    OpensslNotes();  // what others have left is none of them
    ~OpensslNotes();
    OpensslNotes(OpensslNotes const&) = delete;
    OpensslNotes& operator=(OpensslNotes const&) = delete;
    // The newest of them, for a person; "" when there is none.
    static std::string last();
};

// Files of older systems are encrypted with RC2, which lives in a provider of its own.
ossl_lib_ctx_st* legacy_algorithms();

}  // namespace bluebatch::base
