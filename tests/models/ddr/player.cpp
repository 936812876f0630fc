#include "tests/models/ddr/player.h"

#include <algorithm>
#include <cstring>

#include "models/ddr_checker/command_checker.h"
#include "tests/models/ddr/device_text.h"

namespace karhunen::ddr {

namespace {
constexpr uint64_t memory_limit = 16 << 20;
}

Player::Player(const Setup& setup)
    : setup_(setup),
      core_(setup.device, AddressMapping(setup.device, setup.mapping), setup.policy, *this,
            setup.table ? *setup.table : constraints_of(setup.device)) {
    if (setup.watched) core_.on_command([this](const CommandRecord& c) { commands.push_back(c); });
}

void Player::play(const std::vector<Access>& accesses) {
    std::vector<std::deque<size_t>> ports;
    for (size_t i = 0; i < accesses.size(); ++i) {
        const Access& a = accesses[i];
        if (a.port >= ports.size()) ports.resize(a.port + 1);
        ports[a.port].push_back(i);
        running_.push_back(std::make_unique<Running>());
        Running& r = *running_.back();
        r.index = i;
        r.address = a.address;
        r.bytes = a.bytes;
        r.write = a.write;
        r.port = a.port;
        r.key = a.key;
        r.urgent = a.urgent;
        r.priority = a.priority;
        if (a.address + a.bytes <= memory_limit)
            memory_.resize(std::max<uint64_t>(memory_.size(), a.address + a.bytes));
    }
    port_free_.assign(ports.size(), true);
    submitted.resize(accesses.size());
    completed_at.assign(accesses.size(), never);
    read.resize(accesses.size());
    while (true) {
        Clock next = never;
        for (size_t p = 0; p < ports.size(); ++p) {
            while (!ports[p].empty() && port_free_[p] && accesses[ports[p].front()].clock <= now_) {
                const size_t i = ports[p].front();
                ports[p].pop_front();
                port_free_[p] = false;
                submitted[i] = now_;
                core_.submit(*running_[i], now_);
            }
            if (!ports[p].empty() && port_free_[p])
                next = std::min(next, accesses[ports[p].front()].clock);
        }
        most_reads = std::max(most_reads, core_.entries(false));
        most_writes = std::max(most_writes, core_.entries(true));
        next = std::min(next, core_.next());
        if (next == never) return;
        now_ = std::max(now_, next);
        core_.advance(now_);
    }
}

void Player::accepted(Request& request, Clock clock) {
    if (clock != now_) ++calls_out_of_time;
    port_free_[request.port] = true;
}

void Player::transferred(Request& request, uint64_t offset, uint64_t bytes, Clock) {
    const size_t i = static_cast<Running&>(request).index;
    if (request.address + request.bytes > memory_limit) return;
    uint8_t* const at = memory_.data() + request.address + offset;
    if (request.write) {
        for (uint64_t b = 0; b < bytes; ++b) at[b] = written_byte(i, offset + b);
    } else {
        read[i].resize(request.bytes);
        std::memcpy(read[i].data() + offset, at, bytes);
    }
}

void Player::completed(Request& request, Clock clock) {
    const size_t i = static_cast<Running&>(request).index;
    if (clock != now_) ++calls_out_of_time;
    completed_at[i] = clock;
    order_of_completion.push_back(i);
}

std::string Player::check() const {
    CommandChecker checker(CheckedDevice::parse(text_of(setup_.device)),
                           {setup_.policy.postponed_refreshes, 0, setup_.policy.refresh});
    checker.add(commands);
    std::string wrong = checker.violations() + core_.statistics().violation();
    if (most_reads > setup_.policy.read_entries || most_writes > setup_.policy.write_entries)
        wrong += "queues overfull";
    if (std::count(completed_at.begin(), completed_at.end(), never)) wrong += "a request was lost";
    if (calls_out_of_time) wrong += "woken too late";
    if (!core_.idle()) wrong += "not idle at the end";
    return wrong;
}

}  // namespace karhunen::ddr
