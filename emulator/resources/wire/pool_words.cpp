#include "emulator/resources/wire/pool_words.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace bluebatch::emulator::resources::wire {

namespace {

struct Spelling {
    std::string_view parent;  // the member that has it; empty: any
    std::string_view here;    // in the resource manager
    std::string_view there;   // in the data plane
};

constexpr auto kMembers = std::to_array<Spelling>({
    {"", "nodeAgentSkuId", "nodeAgentSKUId"},
    {"imageReference", "id", "virtualMachineImageId"},
    {"endpointConfiguration", "inboundNatPools", "inboundNATPools"},
    {"networkConfiguration", "dynamicVnetAssignmentScope", "dynamicVNetAssignmentScope"},
    {"userIdentity", "userName", "username"},
    {"error", "details", "values"},
    {"errors", "details", "values"},
});

// Where a word of the data plane is only another one in the case of its letters.
struct Word {
    std::string_view member;
    std::string_view word;
};
constexpr auto kWords = std::to_array<Word>({
    {"allocationState", "Steady"},
    {"allocationState", "Resizing"},
    {"allocationState", "Stopping"},
    {"scope", "Pool"},
    {"scope", "Task"},
    {"elevationLevel", "NonAdmin"},
    {"elevationLevel", "Admin"},
    {"loginMode", "Batch"},
    {"loginMode", "Interactive"},
    {"caching", "None"},
    {"caching", "ReadOnly"},
    {"caching", "ReadWrite"},
    {"storageAccountType", "Standard_LRS"},
    {"storageAccountType", "Premium_LRS"},
    {"storageAccountType", "StandardSSD_LRS"},
    {"targets", "OsDisk"},
    {"targets", "TemporaryDisk"},
    {"protocol", "TCP"},
    {"protocol", "UDP"},
    {"access", "Allow"},
    {"access", "Deny"},
    {"provision", "BatchManaged"},
    {"provision", "UserManaged"},
    {"provision", "NoPublicIPAddresses"},
    {"visibility", "StartTask"},
    {"visibility", "Task"},
    {"visibility", "RemoteUser"},
    {"type", "DockerCompatible"},
    {"type", "CriCompatible"},
    {"workingDirectory", "TaskWorkingDirectory"},
    {"workingDirectory", "ContainerImageDefault"},
    {"targetNodeCommunicationMode", "Default"},
    {"targetNodeCommunicationMode", "Classic"},
    {"targetNodeCommunicationMode", "Simplified"},
    {"currentNodeCommunicationMode", "Classic"},
    {"currentNodeCommunicationMode", "Simplified"},
});

enum class Direction : std::uint8_t { to_data, from_data };

std::string member_name(std::string_view parent, std::string_view name, Direction direction) {
    for (auto const& spelling : kMembers) {
        bool const is_meant = spelling.parent.empty() || spelling.parent == parent;
        if (direction == Direction::to_data && is_meant && spelling.here == name)
            return std::string{spelling.there};
        if (direction == Direction::from_data && is_meant && spelling.there == name)
            return std::string{spelling.here};
    }
    return std::string{name};
}

Json word_of(std::string_view member, Json const& value) {
    auto const& text = value.get_ref<std::string const&>();
    for (auto const& [of, word] : kWords)
        if (of == member && base::equal_ignoring_case(word, text)) return word;
    return value;
}

// Bodies are bounded in depth.
Json respell(std::string_view parent, Json const& json, Direction direction) {
    // What is in there belongs to the extension.
    if (parent == "settings" || parent == "protectedSettings") return json;
    if (json.is_array()) {
        auto array = Json::array();
        for (auto const& item : json)
            array.push_back(respell(parent, item, direction));
        return array;
    }
    if (json.is_string() && direction == Direction::from_data) return word_of(parent, json);
    if (!json.is_object()) return json;
    auto object = Json::object();
    for (auto const& [name, value] : json.items())
        object[member_name(parent, name, direction)] = respell(name, value, direction);
    return object;
}

}  // namespace

Json to_data_members(Json const& json) {
    return respell("", json, Direction::to_data);
}

Json from_data_members(Json const& json) {
    return respell("", json, Direction::from_data);
}

}  // namespace bluebatch::emulator::resources::wire
