#include "emulator/batch/wire/task_conditions.hpp"

#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

template <class Word>
std::optional<Word> read_word(Json const& object, std::string_view name) {
    return domain::parse_word<Word>(text_of(object, name));
}

domain::ExitOptions read_options(Json const& json) {
    return {
        read_word<domain::JobAction>(json, "jobAction"),
        read_word<domain::DependencyAction>(json, "dependencyAction")};
}

std::optional<domain::ExitOptions> read_member(Json const& conditions, std::string_view name) {
    auto const* const options = find(conditions, name);
    return options != nullptr ? std::optional{read_options(*options)} : std::nullopt;
}

}  // namespace

domain::TaskDependencies read_dependencies(std::string_view task_document) {
    domain::TaskDependencies dependencies;
    auto const document = Json::parse(task_document);
    auto const* const json = find(document, "dependsOn");
    if (json == nullptr) return dependencies;
    if (auto const* const ids = find(*json, "taskIds"))
        dependencies.task_ids = ids->get<std::vector<std::string>>();
    if (auto const* const ranges = find(*json, "taskIdRanges")) {
        for (auto const& range : *ranges)
            dependencies.task_id_ranges.push_back(
                {range.at("start").get<std::int64_t>(), range.at("end").get<std::int64_t>()}
            );
    }
    return dependencies;
}

domain::ExitConditions read_exit_conditions(std::string_view task_document) {
    domain::ExitConditions conditions;
    auto const document = Json::parse(task_document);
    auto const* const json = find(document, "exitConditions");
    if (json == nullptr) return conditions;
    if (auto const* const codes = find(*json, "exitCodes")) {
        for (auto const& item : *codes) {
            auto const code = item.at("code").get<int>();
            conditions.exit_codes.push_back({code, code, read_options(item.at("exitOptions"))});
        }
    }
    if (auto const* const ranges = find(*json, "exitCodeRanges")) {
        for (auto const& item : *ranges)
            conditions.exit_code_ranges.push_back(
                {item.at("start").get<int>(), item.at("end").get<int>(), read_options(item.at("exitOptions"))}
            );
    }
    conditions.pre_processing_error = read_member(*json, "preProcessingError");
    conditions.file_upload_error = read_member(*json, "fileUploadError");
    conditions.otherwise = read_member(*json, "default");
    return conditions;
}

}  // namespace bluebatch::emulator::batch::wire
