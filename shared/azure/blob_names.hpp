#pragma once

#include "shared/codec/xml.hpp"
#include "shared/http/message.hpp"

#include <string>

namespace bluebatch::azure {

// The text of a name in a list. The service encodes names that XML can't carry, and says so.
inline std::string decoded_name(codec::XmlElement const& name) {
    return name.attribute("Encoded") == "true" ? http::percent_decode(name.text) : name.text;
}

}  // namespace bluebatch::azure
