#include "shared/azure/bearer_token.hpp"

#include <stdexcept>

namespace bluebatch::azure {

void throw_exception_from_error(TokenRefusal const& refusal, boost::source_location const&) {
    throw std::logic_error("unchecked refusal of a token: " + refusal.detail);
}

}  // namespace bluebatch::azure
