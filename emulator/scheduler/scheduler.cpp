#include "emulator/scheduler/scheduler.hpp"

#include "emulator/scheduler/autoscaling.hpp"
#include "emulator/scheduler/jobs.hpp"
#include "emulator/scheduler/long_transaction.hpp"
#include "emulator/scheduler/mailbox.hpp"
#include "emulator/scheduler/node_requests.hpp"
#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/pools.hpp"
#include "emulator/scheduler/recovery.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/scheduler/schedules.hpp"
#include "emulator/scheduler/tasks.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <unordered_set>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

constexpr base::Ticks kPauseAfterFailure = std::chrono::seconds{1};

void take_change(Turn& turn, domain::Change const& change) {
    switch (change.kind) {
        case domain::Change::Kind::pool:
            return pool_changed(turn, change.id);
        case domain::Change::Kind::node:
            return node_changed(turn, change.task_id);
        case domain::Change::Kind::job:
            return job_changed(turn, change.id);
        case domain::Change::Kind::job_schedule:
            return schedule_changed(turn, change.id);
        case domain::Change::Kind::tasks_added:
            return tasks_added(turn, change.id);
        case domain::Change::Kind::task:
            return task_changed(turn, change);
    }
}

void take_timer(Turn& turn, Timer const& timer) {
    World& world = turn.world;
    switch (timer.kind) {
        case Timer::Kind::node_started: {
            auto const node = world.nodes.find(NodeKey{timer.key});
            if (node != world.nodes.end()) go_on_starting(turn, node->second);
            return;
        }
        case Timer::Kind::node: {
            auto const node = world.nodes.find(NodeKey{timer.key});
            if (node != world.nodes.end()) settle_node(turn, node->second);
            return;
        }
        case Timer::Kind::run_wall_clock:
            return stop_run(turn, timer.key, domain::StopReason::wall_clock, RequeueKind::counted);
        case Timer::Kind::job:
            world.unsettled_jobs.insert(JobKey{static_cast<std::int64_t>(timer.key)});
            return;
        case Timer::Kind::job_schedule: {
            auto const schedule = world.schedules.find(timer.key);
            if (schedule != world.schedules.end()) schedule_changed(turn, schedule->second.id);
            return;
        }
        case Timer::Kind::pool:
            world.unsettled_pools.insert(PoolKey{static_cast<std::uint32_t>(timer.key)});
            return;
        case Timer::Kind::pool_sample: {
            auto const pool = world.pools.find(PoolKey{static_cast<std::uint32_t>(timer.key)});
            if (pool != world.pools.end()) take_sample(turn, pool->second, timer.at);
            return;
        }
        case Timer::Kind::retention:
            return remove_expired_files(turn);
    }
}

void settle_all(Turn& turn) {
    World& world = turn.world;
    for (;;) {
        if (!world.unsettled_jobs.empty()) {
            settle_job(turn, world.unsettled_jobs.extract(world.unsettled_jobs.begin()).value());
        } else if (!world.unsettled_pools.empty()) {
            settle_pool(turn, world.unsettled_pools.extract(world.unsettled_pools.begin()).value());
        } else if (!world.unsettled_schedules.empty()) {
            settle_schedule(
                turn, world.unsettled_schedules.extract(world.unsettled_schedules.begin()).value()
            );
        } else {
            return;
        }
    }
}

}  // namespace

class Scheduler::Driver {
public:
    Driver(
        storage::Database& database,
        domain::Nodes& nodes,
        base::Clock& clock,
        base::Random& random,
        SchedulerOptions options,
        DocumentReaders readers
    )
        : transaction_(database),
          nodes_(nodes),
          clock_(clock),
          random_(random),
          options_(options),
          readers_(std::move(readers)),
          // Reports of an earlier life, should any come, must not look like ours.
          last_run_id_(random.next() >> 1U) {}

    Mailbox& mailbox() { return mailbox_; }

    void start() {
        load();
        thread_ = std::thread([this] { run(); });
    }

    void stop() {
        mailbox_.close();
        if (thread_.joinable()) thread_.join();
    }

private:
    enum class Mode : std::uint8_t { working, recovering };

    void run() {
        while (auto mail = next_mail()) {
            for (domain::RunReport const& report : mail->reports)
                out_.erase(report.run);
            or_recover([&] {
                if (mode_ == Mode::recovering) {
                    if (out_.empty()) load();
                } else if (!mail->empty() || left_ == Left::more || is_timer_due()) {
                    work(*mail);
                }
            });
        }
        or_recover([&] { commit(); });
    }

    template <class Action>
    void or_recover(Action action) {
        try {
            action();
        } catch (std::exception const& error) {
            base::log::error("scheduler: {}; starting over from the stored state", error.what());
            begin_recovery();
        }
    }

    std::optional<Mail> next_mail() {
        if (is_at_rest()) nodes_.rest_until({world_.timers.next(), world_.timers.any_node_starts()});
        if (is_at_rest()) or_recover([&] { commit(); });
        auto mail = mailbox_.take(time_to_wait());
        nodes_.rest_ends();
        return mail;
    }

    bool is_at_rest() const {
        bool const has_work = left_ == Left::more || is_timer_due() || !mailbox_.is_empty();
        return mode_ == Mode::working && !has_work;
    }

    bool is_timer_due() const {
        auto const next = world_.timers.next();
        return next && *next <= clock_.now();
    }

    std::optional<base::Ticks> time_to_wait() const {
        if (mode_ == Mode::recovering) return kPauseAfterFailure;
        if (left_ == Left::more) return base::Ticks{0};
        auto const next = world_.timers.next();
        if (!next) return std::nullopt;
        return *next - clock_.now();
    }

    template <class Work>
    void in_one_turn(Work work_on) {
        Turn turn{
            world_,
            transaction_.get(),
            options_,
            readers_,
            random_,
            last_run_id_,
            clock_.now(),
            [this](std::string const& pool_id) { return nodes_.take_use(pool_id); },
            {},
        };
        work_on(turn);
        settle_all(turn);
        left_ = place_tasks(turn);
        send_queued(turn);
        settle_all(turn);
        if (world_.placement.is_stirred()) left_ = Left::more;
        if (!may_go_on(turn)) commit();
        send(std::move(turn.outbox));
    }

    void commit() {
        if (!transaction_.is_open()) return;
        write_nodes(world_, transaction_.get());
        transaction_.commit();
    }

    // Files are removed only once the store knows.
    bool may_go_on(Turn const& turn) const {
        return nodes_.leave_no_trace() && turn.outbox.others.empty() && transaction_.may_go_on();
    }

    void work(Mail const& mail) {
        in_one_turn([&](Turn& turn) {
            for (domain::Change const& change : mail.changes)
                take_change(turn, change);
            for (domain::RunReport const& report : mail.reports)
                take_report(turn, report);
            while (auto const timer = world_.timers.take_due(turn.now))
                take_timer(turn, *timer);
        });
        // Their users look for what becomes of them.
        if (!mail.changes.empty()) commit();
    }

    void send(Turn::Outbox outbox) {
        for (auto const& command : outbox.others)
            command(nodes_);
        for (domain::RunId const run : outbox.ended_coordinations) {
            coordinations_.erase(run);
            nodes_.stop(run, domain::StopReason::terminated);
        }
        for (domain::RunCommand& command : outbox.starts) {
            out_.insert(command.run);
            if (command.kind == domain::RunKind::coordination) coordinations_.insert(command.run);
            nodes_.start(std::move(command));
        }
    }

    void load() {
        world_ = World{};
        in_one_turn([](Turn& turn) { load_world(turn); });
        commit();
        mode_ = Mode::working;
    }

    // The transaction was rolled back, so memory and store disagree: end what runs and read everything anew.
    void begin_recovery() {
        transaction_.roll_back();
        mode_ = Mode::recovering;
        for (domain::RunId const run : out_)
            nodes_.stop(run, domain::StopReason::requeued);
        for (domain::RunId const run : std::exchange(coordinations_, {}))
            nodes_.stop(run, domain::StopReason::requeued);
    }

    LongTransaction transaction_;
    domain::Nodes& nodes_;
    base::Clock& clock_;
    base::Random& random_;
    SchedulerOptions const options_;
    DocumentReaders const readers_;

    Mailbox mailbox_;
    World world_;
    Mode mode_ = Mode::working;
    Left left_ = Left::nothing;
    domain::RunId last_run_id_;
    std::unordered_set<domain::RunId> out_;            // commanded and not yet reported
    std::unordered_set<domain::RunId> coordinations_;  // commanded, of gangs that are not over
    std::thread thread_;
};

Scheduler::Scheduler(
    storage::Database& database,
    domain::Nodes& nodes,
    base::Clock& clock,
    base::Random& random,
    SchedulerOptions options,
    DocumentReaders readers
)
    : driver_(std::make_unique<Driver>(database, nodes, clock, random, options, std::move(readers))) {}

Scheduler::~Scheduler() {
    stop();
}

void Scheduler::start() {
    driver_->start();
}
void Scheduler::stop() {
    driver_->stop();
}
void Scheduler::notify(domain::Change change) {
    driver_->mailbox().put(std::move(change));
}
void Scheduler::report(domain::RunReport report) {
    driver_->mailbox().put(std::move(report));
}
void Scheduler::wake() {
    driver_->mailbox().wake();
}

}  // namespace bluebatch::emulator::scheduler
