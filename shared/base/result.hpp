#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace bluebatch::base {

// What a fallible function of a low layer says when it fails: text for a person. Layers that answer clients
// (shared/azure) have richer errors of their own and use the same Result.
struct Failure {
    std::string message;
};

// value() on an error is a bug of ours, so it throws what a bug throws.
[[noreturn]] inline void throw_exception_from_error(Failure const& failure, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + failure.message);
}

template <class T, class E = Failure>
using Result = boost::system::result<T, E>;

}  // namespace bluebatch::base
