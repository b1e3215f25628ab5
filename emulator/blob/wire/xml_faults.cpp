#include "emulator/blob/wire/xml_faults.hpp"

#include <string>

namespace bluebatch::emulator::blob::wire {

using azure::StorageError;
using azure::StorageErrorCode;

StorageError invalid_node(std::string_view name, std::string_view value, std::string_view reason) {
    constexpr std::size_t kLongest = 128;
    return {
        StorageErrorCode::invalid_xml_node_value,
        {{"XmlNodeName", std::string{name}},
         {"XmlNodeValue", std::string{value.substr(0, kLongest)}},
         {"Reason", std::string{reason}}}};
}

StorageError missing_node(std::string_view name) {
    return {StorageErrorCode::missing_required_xml_node, {{"XmlNodeName", std::string{name}}}};
}

}  // namespace bluebatch::emulator::blob::wire
