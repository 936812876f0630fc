// A machine of some registers and 64 bytes of memory, for tests of the stub.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "platform/debug/registers.h"
#include "platform/debug/stub.h"

namespace karhunen::debug {

struct MockTarget : Target {
    static constexpr uint32_t base = 0x1000;
    static constexpr uint32_t mstatus = first_csr_number + 0x300;

    std::array<uint32_t, common_registers> registers{};
    std::string memory = std::string(64, '.');
    std::vector<std::string> points;  ///< "type address bytes", hexadecimal
    std::string last_command;

    std::optional<uint32_t> read_register(uint32_t number) override {
        if (number == mstatus) return 0x1800;
        if (number >= registers.size()) return std::nullopt;
        return registers[number];
    }
    bool write_register(uint32_t number, uint32_t value) override {
        if (number >= registers.size()) return false;
        registers[number] = value;
        return true;
    }
    std::string read_memory(uint32_t address, uint32_t bytes) override {
        const uint32_t offset = address - base;
        return offset < memory.size() ? memory.substr(offset, bytes) : "";
    }
    bool write_memory(uint32_t address, std::string_view bytes) override {
        const uint32_t offset = address - base;
        if (offset > memory.size() || bytes.size() > memory.size() - offset) return false;
        memory.replace(offset, bytes.size(), bytes);
        return true;
    }
    static std::string text_of(Point point, uint32_t address, uint32_t bytes) {
        char text[40];
        std::snprintf(text, sizeof text, "%u %x %x", static_cast<unsigned>(point), address, bytes);
        return text;
    }
    void insert(Point point, uint32_t address, uint32_t bytes) override {
        points.push_back(text_of(point, address, bytes));
    }
    void remove(Point point, uint32_t address, uint32_t bytes) override {
        std::erase(points, text_of(point, address, bytes));
    }
    void remove_all_points() override { points.clear(); }
    std::string monitor(std::string_view command) override {
        last_command = command;
        return std::string(1500, 'x') + "\n";
    }
};

}  // namespace karhunen::debug
