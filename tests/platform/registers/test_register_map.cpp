// The register map against the machine: every register that is described is there, with its
// access and reset value, and no other.
#include <map>

#include <boost/test/unit_test.hpp>

#include <karhunen/registers.h>

#include "platform/machine.h"
#include "platform/registers/register_map.h"
#include "tests/support/simulation.h"

using namespace karhunen;

namespace {

/// A machine whose bus has another master.
struct Rig : Simulation {
    PlatformConfiguration configuration = [] {
        PlatformConfiguration c;
        c.ddr.size_mib = 1;
        return c;
    }();
    Machine machine{"machine", configuration, {}};
    Initiator master{"master"};

    Rig() {
        machine.cpu.hold_in_reset();
        master.socket.bind(machine.bus.initiators);
    }

    std::map<std::string, RegisterBlock*> blocks() {
        return {{"SIMULATION_CONTROL", &machine.simulation_control.registers},
                {"DMA", &machine.dma.registers},
                {"DDR_CONTROLLER", &machine.ddr.registers},
                {"INPUT_DECODER", &machine.input_decoder.registers},
                {"RESIDUAL_DECODER", &machine.residual_decoder.registers},
                {"COMPUTE_ARRAY", &machine.array.registers},
                {"POST_PROCESSING", &machine.post.registers},
                {"ENCODER", &machine.encoder.registers},
                {"BUFFERS", &machine.buffers.registers}};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(blocks_have_the_registers_described, Rig) {
    size_t registers = 0;
    for (const auto& [name, block] : blocks())
        for (const Register* r : block->in_order()) {
            const std::string full = name + '.' + std::string(r->description.name);
            const RegisterPlace* place = find_register(full);
            BOOST_TEST_REQUIRE(place != nullptr, full);
            const MappedRegister& described = *place->description;
            BOOST_TEST((described.access == r->description.access), full);
            BOOST_TEST(
                (described.reset & described.reset_mask) == (r->value & described.reset_mask),
                full);
            BOOST_TEST(described.text == r->description.text, full);
            ++registers;
        }
    size_t described = 0;
    for (const RegisterPlace& place : register_places())
        described += blocks().contains(place.name.substr(0, place.name.find('.')));
    BOOST_TEST(registers == described);
}

BOOST_FIXTURE_TEST_CASE(every_address_answers_as_described, Rig) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // elaborates; nothing has happened yet
    for (const MappedBlock& block : register_map()) {
        const uint32_t end = std::min(block.base + block.bytes, block.base + 0x400u);
        for (uint32_t address = block.base; address < end; address += block.register_bytes) {
            const RegisterPlace* place = find_register(address);
            uint32_t value = 0;
            const unsigned read = master.debug_read(address, &value, block.register_bytes);
            BOOST_TEST(read == (place ? block.register_bytes : 0), std::hex << address);
            if (!place) continue;
            const MappedRegister& r = *place->description;
            BOOST_TEST(value == (r.reset_mask == 0 ? value : r.reset), place->name);
        }
    }
    for (const RegisterPlace& place : register_places()) {  // also those further up
        uint32_t value = 0;
        BOOST_TEST(master.debug_read(place.address, &value, place.bytes) == place.bytes,
                   place.name);
    }
}

BOOST_FIXTURE_TEST_CASE(accesses_are_as_described, Rig) {
    run_to_end([&] {
        for (const RegisterPlace& place : register_places()) {
            const Access access = place.description->access;
            if (place.name == "SIMULATION_CONTROL.EXIT") continue;
            uint32_t value = 0;
            BOOST_TEST((master.read(place.address, &value, place.bytes) == tlm::TLM_OK_RESPONSE),
                       place.name);
            if (access == Access::WO) BOOST_TEST(value == 0u, place.name);
            const auto response = master.write(place.address, &value, place.bytes);
            BOOST_TEST((response == tlm::TLM_OK_RESPONSE) == (access != Access::RO), place.name);
        }
    });
}

BOOST_AUTO_TEST_CASE(names_and_addresses_lead_to_registers) {
    BOOST_TEST(find_register("DMA.CHANNEL6.DESCRIPTOR")->address ==
               KRHN_DMA_BASE + KRHN_DMA_CHANNEL(6) + KRHN_DMA_DESCRIPTOR);
    BOOST_TEST(find_register(KRHN_PLIC_BASE + 4 * KRHN_IRQ_ENCODER)->name ==
               "PLIC.SOURCE8.PRIORITY");
    BOOST_TEST((find_register("DMA.CHANNEL8.DESCRIPTOR") == nullptr));
    BOOST_TEST((find_register(KRHN_SRAM_BASE) == nullptr));
    BOOST_TEST(interrupt_number("ENCODER") == uint32_t{KRHN_IRQ_ENCODER});
    BOOST_TEST(interrupt_name(KRHN_IRQ_DMA) == "DMA");
    BOOST_TEST(interrupt_name(0) == "");
    BOOST_TEST(interrupt_number("BUFFERS") == 0u);
}
