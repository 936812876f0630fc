// Plays accesses into the controller's core, keeps its command trace, and moves real bytes, so that
// a test can compare them with those of plain program order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/ddr/controller.h"
#include "models/ddr/energy.h"

namespace karhunen::ddr {

struct Access {
    uint64_t address = 0, bytes = 16;
    bool write = false;
    Clock clock = 0;  ///< not before this
    uint32_t port = 0;
    Key key{};
    bool urgent = false;
    uint32_t priority = 0;
};

struct Setup {
    Device device = Device::find("ddr3-1600-4gb-x16");
    std::string mapping = "row-bank-column";
    Policy policy;
    std::optional<std::vector<Constraint>> table;  ///< instead of the device's
    bool watched = true;                           ///< keep the command trace
};

class Player : private Client {
public:
    explicit Player(const Setup& setup = {});

    /// Plays to the end, each port in order, a port's next access when the one before is accepted.
    void play(const std::vector<Access>& accesses);

    Statistics statistics() const { return core_.statistics(); }
    Controller& core() { return core_; }

    /// By index of the access.
    std::vector<Clock> submitted, completed_at;
    std::vector<std::vector<uint8_t>> read;  ///< what a read access saw
    std::vector<CommandRecord> commands;
    std::vector<size_t> order_of_completion;
    size_t calls_out_of_time = 0;  ///< accepted() and completed() for another clock than now
    uint32_t most_reads = 0, most_writes = 0;  ///< fill of the queues
    /// Legal commands, conservation, and room in the queues: empty, or what was wrong.
    std::string check() const;

    /// The bytes that write access i brings.
    static uint8_t written_byte(size_t i, uint64_t offset) {
        return static_cast<uint8_t>(i * 151 + offset * 7 + 1);
    }

private:
    struct Running : Request {
        size_t index = 0;
    };
    void accepted(Request& request, Clock clock) override;
    void transferred(Request& request, uint64_t offset, uint64_t bytes, Clock clock) override;
    void completed(Request& request, Clock clock) override;

    Setup setup_;
    Controller core_;
    std::vector<uint8_t> memory_;  ///< grows as far as addresses are used (up to 16 MiB)
    std::vector<std::unique_ptr<Running>> running_;
    std::vector<bool> port_free_;
    Clock now_ = 0;
};

}  // namespace karhunen::ddr
