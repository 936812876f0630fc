#include "tests/support/simulation.h"

#include <iostream>
#include <vector>

#include <tlm_utils/tlm_quantumkeeper.h>

#include "models/interfaces/sanitizer.h"

// libsystemc refers to it; the tests start simulations by themselves.
int sc_main(int, char**) {
    return 1;
}

namespace karhunen {
namespace {

std::vector<std::string> expected_reports;
unsigned reports_seen = 0;

bool is_expected(const std::string& text) {
    for (const std::string& part : expected_reports)
        if (text.find(part) != std::string::npos) return true;
    return false;
}

void report(const sc_core::sc_report& r, const sc_core::sc_actions& actions) {
    if (r.get_severity() >= sc_core::SC_WARNING) {
        const std::string text =
            std::string(r.get_msg_type()) + ": " + (r.get_msg() ? r.get_msg() : "");
        if (is_expected(text))
            ++reports_seen;
        else
            BOOST_ERROR("SystemC report: " << text << " (" << r.get_file_name() << ":"
                                           << r.get_line_number() << ")");
    }
    // What remains is to throw or to stop; the text has been shown.
    sc_core::sc_report_handler::default_handler(r,
                                                actions & ~(sc_core::SC_DISPLAY | sc_core::SC_LOG));
}

}  // namespace

Simulation::Simulation() {
    restore_stack_bounds();
    // Kept reachable, for the leak checker.
    static auto& contexts = *new std::vector<sc_core::sc_simcontext*>;
    contexts.push_back(new sc_core::sc_simcontext);
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = contexts.back();
    tlm::tlm_global_quantum::instance().set(sc_core::SC_ZERO_TIME);
    expected_reports.clear();
    reports_seen = 0;
    sc_core::sc_report_handler::set_handler(report);
}

Simulation::~Simulation() {
    restore_stack_bounds();
    sc_core::sc_report_handler::set_handler(nullptr);
}

void Simulation::spawn(std::function<void()> body) {
    sc_core::sc_spawn_options options;
    options.set_stack_size(1 << 20);
    sc_core::sc_spawn(std::move(body), sc_core::sc_gen_unique_name("stimulus"), &options);
}

void Simulation::run(std::function<void()> body, sc_core::sc_time limit) {
    spawn(std::move(body));
    sc_core::sc_start(limit, sc_core::SC_EXIT_ON_STARVATION);
    restore_stack_bounds();
}

void Simulation::run_to_end(std::function<void()> body, sc_core::sc_time limit) {
    bool has_ended = false;
    run(
        [&] {
            body();
            has_ended = true;
        },
        limit);
    BOOST_TEST(has_ended, "the stimulus is stuck");
}

void Simulation::expect_report(const std::string& text) {
    expected_reports.push_back(text);
}

unsigned Simulation::expected_reports_seen() const {
    return reports_seen;
}

tlm::tlm_response_status Initiator::access(tlm::tlm_command command, uint64_t address, void* data,
                                           unsigned bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    if (delay != sc_core::SC_ZERO_TIME) wait(delay);
    return payload.get_response_status();
}

tlm::tlm_response_status Initiator::read(uint64_t address, void* data, unsigned bytes) {
    return access(tlm::TLM_READ_COMMAND, address, data, bytes);
}

tlm::tlm_response_status Initiator::write(uint64_t address, const void* data, unsigned bytes) {
    return access(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), bytes);
}

uint32_t Initiator::read32(uint64_t address) {
    uint32_t value = 0;
    BOOST_TEST(read(address, &value, 4) == tlm::TLM_OK_RESPONSE,
               "read of 0x" << std::hex << address);
    return value;
}

void Initiator::write32(uint64_t address, uint32_t value) {
    BOOST_TEST(write(address, &value, 4) == tlm::TLM_OK_RESPONSE,
               "write of 0x" << std::hex << address);
}

uint8_t Initiator::read8(uint64_t address) {
    uint8_t value = 0;
    BOOST_TEST(read(address, &value, 1) == tlm::TLM_OK_RESPONSE,
               "read of 0x" << std::hex << address);
    return value;
}

void Initiator::write8(uint64_t address, uint8_t value) {
    BOOST_TEST(write(address, &value, 1) == tlm::TLM_OK_RESPONSE,
               "write of 0x" << std::hex << address);
}

unsigned Initiator::debug(tlm::tlm_command command, uint64_t address, void* data, unsigned bytes) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(static_cast<unsigned char*>(data));
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
    return socket->transport_dbg(payload);
}

unsigned Initiator::debug_read(uint64_t address, void* data, unsigned bytes) {
    return debug(tlm::TLM_READ_COMMAND, address, data, bytes);
}

unsigned Initiator::debug_write(uint64_t address, const void* data, unsigned bytes) {
    return debug(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), bytes);
}

}  // namespace karhunen
