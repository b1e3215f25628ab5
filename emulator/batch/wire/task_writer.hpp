#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"
#include "emulator/batch/wire/urls.hpp"
#include "emulator/batch/wire/writer.hpp"
#include "emulator/domain/task.hpp"
#include "shared/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::batch::wire {

// Writes tasks in the shape of an api-version, straight to text: a page holds a thousand of them, and JSON
// objects in between would take most of its time. What the writer does not make itself comes from the task's
// document, so a member that is only kept needs nothing here.
class TaskWriter {
public:
    TaskWriter(Urls const& urls, Selection const& selection, ApiVersion version);

    // The JSON object of the task, with `statistics` where they are wanted.
    void append(std::string& out, domain::Task const& task, Json const* statistics = nullptr);

private:
    using Write = void (TaskWriter::*)(domain::Task const& task);
    struct Member {
        Field const* field;
        Write write;
    };
    static Write find_write(std::string_view name);

    void write_members(domain::Task const& task);
    void write_id(domain::Task const& task);
    void write_url(domain::Task const& task);
    void write_tag(domain::Task const& task);
    void write_creation_time(domain::Task const& task);
    void write_last_modified(domain::Task const& task);
    void write_state(domain::Task const& task);
    void write_state_time(domain::Task const& task);
    void write_previous_state(domain::Task const& task);
    void write_previous_state_time(domain::Task const& task);
    void write_user_identity(domain::Task const& task);
    void write_constraints(domain::Task const& task);
    void write_slots(domain::Task const& task);
    void write_execution(domain::Task const& task);
    void write_node(domain::Task const& task);
    void write_statistics(domain::Task const& task);
    void write_of_document(domain::Task const& task);

    void put_name(std::string_view name);
    void put_text(std::string_view text) { append_text(*out_, text); }
    void put_time(base::TimePoint time);
    Json const& document(domain::Task const& task);

    Urls const& urls_;
    Selection const& selection_;
    ApiVersion const version_;
    std::vector<Member> members_;  // of the answer, in order
    std::string default_identity_;

    // Of the task that is being written.
    std::string* out_ = nullptr;
    Field const* field_ = nullptr;
    bool is_first_ = true;
    Json document_;  // null until wanted
    Json const* statistics_ = nullptr;
    // The time that was written last: tasks that were added together share theirs.
    base::TimePoint known_time_ = base::TimePoint::min();
    std::string known_text_;
};

}  // namespace bluebatch::emulator::batch::wire
