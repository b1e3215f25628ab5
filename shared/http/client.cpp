#include "shared/http/client.hpp"

#include <stdexcept>

namespace bluebatch::http {

void throw_exception_from_error(TransportError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked transport error: " + error.message);
}

std::uint64_t body_size(OutgoingRequest const& request) {
    auto const* const text = std::get_if<std::string>(&request.body);
    return text != nullptr ? text->size() : std::get<FileSlice>(request.body).length;
}

bool states_length(OutgoingRequest const& request) {
    switch (request.verb) {
        case Verb::put:
        case Verb::post:
        case Verb::patch:
        case Verb::merge:
            return true;
        default:
            return body_size(request) > 0;
    }
}

}  // namespace bluebatch::http
