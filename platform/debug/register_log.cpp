#include "platform/debug/register_log.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "platform/registers/register_map.h"
#include "platform/registers/text.h"

namespace karhunen::debug {

namespace {

constexpr size_t buffer_bytes = 1 << 16;

std::string name_at(uint32_t address) {
    static const auto names = [] {
        std::map<uint32_t, std::string> all;
        for (const RegisterPlace& place : register_places()) all[place.address] = place.name;
        return all;
    }();
    const auto found = names.find(address);
    return found == names.end() ? hex_text(address, 8) : found->second;
}

}  // namespace

RegisterLog::RegisterLog(const std::filesystem::path& path)
    : file_(path), buffer_("time_ps,pc,access,register,value,response\n") {}

void RegisterLog::attach(const RunSubject&, Machine& machine) {
    memory_bytes_ = machine.memory().size();
    machine.bus.on_access([this, &machine](const BusAccess& access) {
        if (access.master == Master::cpu) add(access, machine.cpu.pc());
    });
}

void RegisterLog::add(const BusAccess& access, uint32_t pc) {
    if (access.address - KRHN_DDR_BASE < memory_bytes_ ||
        access.address - KRHN_SRAM_BASE < KRHN_SRAM_BYTES)
        return;
    const bool is_good = access.response == tlm::TLM_OK_RESPONSE;
    const bool is_read = access.command == tlm::TLM_READ_COMMAND;
    uint32_t value = 0;
    std::memcpy(&value, access.data.data(), std::min<size_t>(access.data.size(), 4));
    buffer_ += std::to_string(access.time.value()) + ',' + hex_text(pc, 8) +
               (is_read ? ",read," : ",write,") + name_at(static_cast<uint32_t>(access.address)) +
               ',' + (is_read && !is_good ? "" : hex_text(value)) +
               (is_good ? ",ok\n" : ",error\n");
    if (buffer_.size() < buffer_bytes) return;
    file_.write(buffer_);
    buffer_.clear();
}

void RegisterLog::finish(Machine&, RunReport&) {
    file_.write(buffer_);
    file_.commit();
}

}  // namespace karhunen::debug
