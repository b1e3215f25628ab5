#include "emulator/batch/wire/task_specification.hpp"

#include "emulator/batch/wire/container.hpp"
#include "emulator/batch/wire/json.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::wire {
namespace {

std::string string_of(Json const& object, std::string_view name) {
    return std::string(text_of(object, name));
}

// Calls `each` for every item of a list that may be absent.
template <class Each>
void for_each(Json const& object, std::string_view name, Each each) {
    auto const* const list = find(object, name);
    if (list == nullptr) return;
    for (auto const& item : *list)
        each(item);
}

void add_settings(std::vector<domain::NameValue>& settings, Json const& object, std::string_view member) {
    for_each(object, member, [&](Json const& item) {
        domain::NameValue setting{string_of(item, "name"), string_of(item, "value")};
        auto const same = std::ranges::find(settings, setting.name, &domain::NameValue::name);
        if (same == settings.end()) {
            settings.push_back(std::move(setting));
        } else {
            *same = std::move(setting);
        }
    });
}

std::string identity_of(Json const& json) {
    auto const* const reference = find(json, "identityReference");
    return reference != nullptr ? string_of(*reference, "resourceId") : std::string();
}

domain::ResourceFile read_resource_file(Json const& json) {
    return {
        string_of(json, "httpUrl"),
        string_of(json, "storageContainerUrl"),
        string_of(json, "autoStorageContainerName"),
        string_of(json, "blobPrefix"),
        string_of(json, "filePath"),
        string_of(json, "fileMode"),
        identity_of(json)};
}

domain::OutputFile read_output_file(Json const& json) {
    domain::OutputFile file;
    file.file_pattern = string_of(json, "filePattern");
    auto const& container = json.at("destination").at("container");
    file.container_url = string_of(container, "containerUrl");
    file.path = string_of(container, "path");
    file.identity = identity_of(container);
    for_each(container, "uploadHeaders", [&](Json const& header) {
        file.upload_headers.push_back({string_of(header, "name"), string_of(header, "value")});
    });
    auto const condition = text_of(json.at("uploadOptions"), "uploadCondition");
    file.upload_condition = domain::parse_word<domain::UploadCondition>(condition).value_or(
        domain::UploadCondition::task_completion
    );
    return file;
}

std::vector<domain::PackageReference> read_packages(Json const& json) {
    std::vector<domain::PackageReference> packages;
    for_each(json, "applicationPackageReferences", [&](Json const& item) {
        packages.push_back({string_of(item, "applicationId"), string_of(item, "version")});
    });
    return packages;
}

// Batch: JM-6
bool opens_job(Json const& json) {
    auto const* const settings = find(json, "authenticationTokenSettings");
    auto const* const access = settings != nullptr ? find(*settings, "access") : nullptr;
    return access != nullptr && std::ranges::find(*access, Json("job")) != access->end();
}

// The members that tasks and start tasks have in common.
domain::TaskSpecification read_common(Json const& json) {
    domain::TaskSpecification specification;
    specification.command_line = string_of(json, "commandLine");
    for_each(json, "resourceFiles", [&](Json const& item) {
        specification.resource_files.push_back(read_resource_file(item));
    });
    for_each(json, "outputFiles", [&](Json const& item) {
        specification.output_files.push_back(read_output_file(item));
    });
    specification.application_packages = read_packages(json);
    specification.opens_job = opens_job(json);
    specification.container = read_container_settings(json);
    return specification;
}

}  // namespace

domain::TaskSpecification TaskReader::operator()(std::string_view job_document, domain::Task const& task) {
    if (job_document != job_document_) {
        common_settings_.clear();
        add_settings(common_settings_, Json::parse(job_document), "commonEnvironmentSettings");
        job_document_ = job_document;
    }
    auto const document = Json::parse(task.document);
    auto specification = read_common(document);
    specification.environment_settings = common_settings_;
    add_settings(specification.environment_settings, document, "environmentSettings");
    specification.constraints = task.constraints;
    if (auto const* const settings = find(document, "multiInstanceSettings")) {
        auto& coordination = specification.coordination.emplace();
        coordination.command_line = string_of(*settings, "coordinationCommandLine");
        for_each(*settings, "commonResourceFiles", [&](Json const& item) {
            coordination.common_resource_files.push_back(read_resource_file(item));
        });
    }
    return specification;
}

domain::TaskSpecification read_task_specification(std::string_view job_document, domain::Task const& task) {
    return TaskReader()(job_document, task);
}

JobNodeTasks read_job_node_tasks(std::string_view job_document) {
    auto const document = Json::parse(job_document);
    auto const read = [&](Json const& json) {
        auto specification = read_common(json);
        add_settings(specification.environment_settings, document, "commonEnvironmentSettings");
        add_settings(specification.environment_settings, json, "environmentSettings");
        return specification;
    };
    JobNodeTasks tasks;
    auto const& preparation = document.at("jobPreparationTask");
    tasks.preparation_id = string_of(preparation, "id");
    tasks.preparation = read(preparation);
    tasks.preparation.constraints = read_task_constraints(find(preparation, "constraints"));
    tasks.wait_for_success = preparation.at("waitForSuccess").get<bool>();
    tasks.reruns_after_reboot = preparation.at("rerunOnNodeRebootAfterSuccess").get<bool>();
    if (auto const* const release = find(document, "jobReleaseTask")) {
        tasks.release_id = string_of(*release, "id");
        tasks.release = read(*release);
        tasks.release.constraints = read_task_constraints(release);
    }
    return tasks;
}

domain::TaskConstraints read_task_constraints(Json const* json) {
    domain::TaskConstraints constraints;
    if (json == nullptr) return constraints;
    auto const wall_clock = base::parse_iso8601_duration(text_of(*json, "maxWallClockTime"));
    auto const retention = base::parse_iso8601_duration(text_of(*json, "retentionTime"));
    if (wall_clock) constraints.max_wall_clock_time = *wall_clock;
    if (retention) constraints.retention_time = *retention;
    if (auto const* const count = find(*json, "maxTaskRetryCount"))
        constraints.max_task_retry_count = count->get<int>();
    return constraints;
}

domain::NodeSetup read_node_setup(std::string_view pool_document) {
    auto const document = Json::parse(pool_document);
    return {read_packages(document), read_container_setup(document)};
}

std::optional<StartTask> read_start_task(std::string_view pool_document) {
    auto const document = Json::parse(pool_document);
    auto const* const json = find(document, "startTask");
    if (json == nullptr) return std::nullopt;
    StartTask start_task{read_common(*json), true};
    add_settings(start_task.specification.environment_settings, *json, "environmentSettings");
    if (auto const* const count = find(*json, "maxTaskRetryCount"))
        start_task.specification.constraints.max_task_retry_count = count->get<int>();
    if (auto const* const wait = find(*json, "waitForSuccess"))
        start_task.wait_for_success = wait->get<bool>();
    return start_task;
}

}  // namespace bluebatch::emulator::batch::wire
