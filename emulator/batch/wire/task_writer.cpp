#include "emulator/batch/wire/task_writer.hpp"

#include "emulator/batch/wire/parts.hpp"
#include "emulator/batch/wire/schema/task.hpp"
#include "emulator/domain/node_directories.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bluebatch::emulator::batch::wire {

namespace {

constexpr std::string_view kIdentity = "userIdentity";

}  // namespace

TaskWriter::Write TaskWriter::find_write(std::string_view name) {
    static constexpr auto kWrites = std::to_array<std::pair<std::string_view, Write>>({
        {"id", &TaskWriter::write_id},
        {"url", &TaskWriter::write_url},
        {"eTag", &TaskWriter::write_tag},
        {"creationTime", &TaskWriter::write_creation_time},
        {"lastModified", &TaskWriter::write_last_modified},
        {"state", &TaskWriter::write_state},
        {"stateTransitionTime", &TaskWriter::write_state_time},
        {"previousState", &TaskWriter::write_previous_state},
        {"previousStateTransitionTime", &TaskWriter::write_previous_state_time},
        {kIdentity, &TaskWriter::write_user_identity},
        {"constraints", &TaskWriter::write_constraints},
        {"requiredSlots", &TaskWriter::write_slots},
        {"executionInfo", &TaskWriter::write_execution},
        {"nodeInfo", &TaskWriter::write_node},
        {"stats", &TaskWriter::write_statistics},
    });
    auto const found = std::ranges::find(kWrites, name, &std::pair<std::string_view, Write>::first);
    return found == kWrites.end() ? &TaskWriter::write_of_document : found->second;
}

TaskWriter::TaskWriter(Urls const& urls, Selection const& selection, ApiVersion version)
    : urls_(urls), selection_(selection), version_(version) {
    for (auto const& field : schema::kTaskFields) {
        bool const is_wanted =
            (field.uses & kAnswer) != 0 && field.is_in(version) && selection.has(field.name);
        if (is_wanted) members_.push_back({&field, find_write(field.name)});
    }
    default_identity_ = dump(write_object(default_user_identity(), schema::kUserIdentity, version));
}

void TaskWriter::append(std::string& out, domain::Task const& task, Json const* statistics) {
    statistics_ = statistics;
    if (!selection_.is_deep()) {
        out_ = &out;
        return write_members(task);
    }
    std::string whole;
    out_ = &whole;
    write_members(task);
    out += dump(selection_.apply(Json::parse(whole)));
}

void TaskWriter::write_members(domain::Task const& task) {
    document_ = nullptr;
    is_first_ = true;
    *out_ += '{';
    for (auto const& member : members_) {
        field_ = member.field;
        (this->*member.write)(task);
    }
    *out_ += '}';
}

void TaskWriter::put_name(std::string_view name) {
    if (!std::exchange(is_first_, false)) *out_ += ',';
    out_->append("\"").append(name).append("\":");
}

void TaskWriter::put_time(base::TimePoint time) {
    if (time != known_time_) {
        known_time_ = time;
        known_text_ = base::to_iso8601(time);
    }
    out_->append("\"").append(known_text_).append("\"");
}

Json const& TaskWriter::document(domain::Task const& task) {
    if (document_.is_null()) document_ = Json::parse(task.document);
    return document_;
}

void TaskWriter::write_id(domain::Task const& task) {
    put_name(field_->name);
    put_text(task.id);
}

void TaskWriter::write_url(domain::Task const& task) {
    put_name(field_->name);
    put_text(urls_.task(task.job_id, task.id));
}

void TaskWriter::write_tag(domain::Task const& task) {
    put_name(field_->name);
    put_text(base::to_etag(task.last_modified));
}

void TaskWriter::write_creation_time(domain::Task const& task) {
    put_name(field_->name);
    put_time(task.creation_time);
}

void TaskWriter::write_last_modified(domain::Task const& task) {
    put_name(field_->name);
    put_time(task.last_modified);
}

void TaskWriter::write_state(domain::Task const& task) {
    put_name(field_->name);
    put_text(domain::to_word(task.state));
}

void TaskWriter::write_state_time(domain::Task const& task) {
    put_name(field_->name);
    put_time(task.state_transition_time);
}

void TaskWriter::write_previous_state(domain::Task const& task) {
    if (!task.previous_state) return;
    put_name(field_->name);
    put_text(domain::to_word(*task.previous_state));
}

void TaskWriter::write_previous_state_time(domain::Task const& task) {
    if (!task.previous_state_transition_time) return;
    put_name(field_->name);
    put_time(*task.previous_state_transition_time);
}

void TaskWriter::write_user_identity(domain::Task const& task) {
    if (find(document(task), kIdentity) != nullptr) return write_of_document(task);
    put_name(field_->name);
    *out_ += default_identity_;
}

void TaskWriter::write_constraints(domain::Task const& task) {
    put_name(field_->name);
    auto const& constraints = task.constraints;
    out_->append(R"({"maxWallClockTime":")")
        .append(base::to_iso8601_duration(constraints.max_wall_clock_time));
    out_->append(R"(","retentionTime":")").append(base::to_iso8601_duration(constraints.retention_time));
    out_->append(R"(","maxTaskRetryCount":)").append(std::to_string(constraints.max_task_retry_count));
    *out_ += '}';
}

void TaskWriter::write_slots(domain::Task const& task) {
    put_name(field_->name);
    *out_ += std::to_string(task.required_slots);
}

void TaskWriter::write_execution(domain::Task const& task) {
    put_name(field_->name);
    append_execution(*out_, task.execution);
}

// Batch: TASK-16
void TaskWriter::write_node(domain::Task const& task) {
    if (!task.place) {
        if (task.state != domain::TaskState::completed) return;
        put_name(field_->name);
        *out_ += "{}";
        return;
    }
    put_name(field_->name);
    auto const& place = *task.place;
    auto const node_url = urls_.node(place.pool_id, place.node_id);
    auto const root = domain::task_root_directory(task.job_id, task.id);
    *out_ += R"({"affinityId":)";
    put_text("TVM:" + place.node_id);
    *out_ += R"(,"nodeUrl":)";
    put_text(node_url);
    *out_ += R"(,"poolId":)";
    put_text(place.pool_id);
    *out_ += R"(,"nodeId":)";
    put_text(place.node_id);
    *out_ += R"(,"taskRootDirectory":)";
    put_text(root);
    *out_ += R"(,"taskRootDirectoryUrl":)";
    put_text(node_url + "/files/" + root);
    *out_ += '}';
}

void TaskWriter::write_statistics(domain::Task const&) {
    if (statistics_ == nullptr) return;
    put_name(field_->name);
    *out_ += dump(write_value(*statistics_, *field_, version_));
}

void TaskWriter::write_of_document(domain::Task const& task) {
    auto const* const value = find(document(task), field_->stored_name());
    if (value == nullptr) return;
    put_name(field_->name);
    if (value->is_string()) {
        put_text(value->get_ref<std::string const&>());
    } else {
        *out_ += dump(write_value(*value, *field_, version_));
    }
}

}  // namespace bluebatch::emulator::batch::wire
