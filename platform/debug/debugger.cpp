#include "platform/debug/debugger.h"

#include <iostream>
#include <sstream>
#include <utility>

#include "models/interfaces/time_text.h"
#include "platform/exit_code.h"

namespace karhunen::debug {

namespace {

StopReport report_of(const DebugStop& stop) {
    if (stop.cause == DebugStop::Cause::break_in) return {StopReport::interrupted, ""};
    if (stop.cause != DebugStop::Cause::watchpoint) return {StopReport::trapped, ""};
    std::ostringstream detail;
    detail << (stop.watch == Watch::write  ? "watch:"
               : stop.watch == Watch::read ? "rwatch:"
                                           : "awatch:")
           << std::hex << stop.address << ';';
    return {StopReport::trapped, detail.str()};
}

}  // namespace

Debugger::Debugger(uint16_t port, std::string symbols)
    : endpoint_("--gdb", port), symbols_(std::move(symbols)) {}

void Debugger::attach(const RunSubject& subject, Machine& machine) {
    machine_ = &machine;
    target_.emplace(machine, subject.firmware);
    stub_.emplace(*target_);
    watch_ = std::make_unique<HostWatch>("gdb");
    machine.cpu.attach_debugger([this](const DebugStop& stop) { on_stop(stop); });
    machine.cpu.break_in();
    sc_core::sc_spawn_options options;
    options.set_stack_size(1 << 20);
    sc_core::sc_spawn([this] { listen(); }, "gdb_listener", &options);
}

void Debugger::stop(const std::string& why) {
    stub_->say(why + '\n');
    endpoint_.send(stub_->take_output());
    machine_->cpu.break_in();
}

void Debugger::on_stop(const DebugStop& stop) {
    stub_->stopped(report_of(stop));
    obey(serve());
}

/// While the machine runs.
void Debugger::listen() {
    for (;;) {
        sc_core::wait(watch_->readable());
        const bool is_new = take_input();
        if (stub_->wants_stop() || is_new) machine_->cpu.break_in();
        watch_->watch(endpoint_.fd());
    }
}

/// The end of a connection leaves nothing behind. Returns whether another one begins.
bool Debugger::take_input() {
    const Input input = endpoint_.receive();
    if (input.has_connected || input.has_left) stub_->connect();
    if (input.has_left) target_->remove_all_points();
    stub_->receive(input.bytes);
    return input.has_connected;
}

/// Until GDB says how to go on. Before the first connection there is nobody to detach.
Resume Debugger::serve() {
    bool was_connected = endpoint_.is_connected();
    if (!was_connected)
        std::cerr << "karhunen: waiting for GDB: gdb-multiarch " << symbols_
                  << (symbols_.empty() ? "" : " ") << "-ex 'target remote :" << endpoint_.port()
                  << "'" << std::endl;
    for (;;) {
        const auto resume = stub_->serve();
        endpoint_.send(stub_->take_output());
        if (resume) return *resume;
        endpoint_.wait();
        take_input();
        if (was_connected && !endpoint_.is_connected()) return Resume::detach;
        was_connected = endpoint_.is_connected();
    }
}

void Debugger::obey(Resume resume) {
    Triggers& triggers = machine_->cpu.triggers();
    switch (resume) {
        case Resume::step:
            triggers.step();
            break;
        case Resume::go_on:
        case Resume::detach:
            triggers.go_on();
            break;
        case Resume::kill:
            is_killed_ = true;
            sc_core::sc_stop();
            sc_core::wait();  // for ever
    }
    watch_->watch(endpoint_.fd());
}

void Debugger::finish(Machine&, RunReport& report) {
    watch_->stop();
    if (is_killed_) {
        report.exit_code = exit_stopped;
        report.fault = "GDB ended the simulation at " + time_text(sc_core::sc_time_stamp());
        return;
    }
    if (!report.fault.empty() && endpoint_.is_connected()) {
        stub_->say("karhunen: " + report.fault + "\n");
        stub_->stopped({StopReport::aborted, ""});
        serve();  // whatever it says: nothing goes on
    }
    stub_->exited(static_cast<uint8_t>(report.exit_code));
    endpoint_.send(stub_->take_output());
    endpoint_.disconnect();
}

}  // namespace karhunen::debug
