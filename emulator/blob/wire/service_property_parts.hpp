#pragma once

#include "shared/azure/storage_error.hpp"
#include "shared/codec/xml.hpp"

#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::wire {

// One part of the service properties (Logging, Cors ...) as the service would repeat it: its members in
// order, switches as "true" and "false". InvalidXmlDocument, InvalidXmlNodeValue, MissingRequiredXmlNode.
azure::StorageResult<codec::XmlElement> read_property_part(codec::XmlElement const& part);

// Where a part stands among the others.
std::size_t order_of_part(std::string_view name);

// The text of a member, without blanks around it; "" when there is none.
std::string member_text(codec::XmlElement const& part, std::string_view name);

}  // namespace bluebatch::emulator::blob::wire
