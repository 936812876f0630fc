// A machine as GDB sees it.
#pragma once

#include "platform/debug/stub.h"
#include "platform/machine.h"

namespace karhunen::debug {

class MachineTarget : public Target {
public:
    MachineTarget(Machine& machine, const ElfProgram& firmware)
        : machine_(machine), firmware_(firmware) {}

    std::optional<uint32_t> read_register(uint32_t number) override;
    bool write_register(uint32_t number, uint32_t value) override;
    std::string read_memory(uint32_t address, uint32_t bytes) override;
    bool write_memory(uint32_t address, std::string_view bytes) override;
    void insert(Point point, uint32_t address, uint32_t bytes) override;
    void remove(Point point, uint32_t address, uint32_t bytes) override;
    void remove_all_points() override { machine_.cpu.triggers().clear(); }
    std::string monitor(std::string_view command) override;

private:
    Machine& machine_;
    const ElfProgram& firmware_;
};

}  // namespace karhunen::debug
