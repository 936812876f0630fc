// GDB's view of a machine: what its packets ask for and what they are answered. Knows neither
// sockets nor SystemC.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "platform/debug/packet.h"

namespace karhunen::debug {

/// What GDB inserts; the values are those of its `Z` packets.
enum class Point : uint8_t { software, hardware, write, read, access };

/// The machine while it is stopped. Nothing here takes simulated time.
class Target {
public:
    virtual ~Target() = default;
    /// GDB's numbers, see registers.h. Empty, false: there is none, or it cannot be written.
    virtual std::optional<uint32_t> read_register(uint32_t number) = 0;
    virtual bool write_register(uint32_t number, uint32_t value) = 0;
    /// From the address on, up to the first byte that cannot be read.
    virtual std::string read_memory(uint32_t address, uint32_t bytes) = 0;
    virtual bool write_memory(uint32_t address, std::string_view bytes) = 0;
    virtual void insert(Point point, uint32_t address, uint32_t bytes) = 0;
    virtual void remove(Point point, uint32_t address, uint32_t bytes) = 0;
    virtual void remove_all_points() = 0;
    /// What GDB's command `monitor` prints.
    virtual std::string monitor(std::string_view command) = 0;
};

enum class Resume : uint8_t { go_on, step, detach, kill };

/// Why the machine stands still: a signal in GDB's numbers, and for watchpoints "watch:address;".
struct StopReport {
    static constexpr uint8_t interrupted = 2, trapped = 5, aborted = 6;
    uint8_t signal = trapped;
    std::string detail;
};

class Stub {
public:
    explicit Stub(Target& target) : target_(target) {}

    /// A new connection: nothing is left of the last one.
    void connect();
    void receive(std::string_view bytes) { reader_.feed(bytes); }
    /// What is to be sent.
    std::string take_output();

    /// While the machine is stopped: answers what has come. How to go on, when GDB has said so;
    /// anything behind that is answered after the next stop.
    std::optional<Resume> serve();
    /// While it runs: whether GDB wants it stopped.
    bool wants_stop();

    void stopped(StopReport report);
    /// The program has ended.
    void exited(uint8_t code);
    /// Shown by GDB, if it waits for the machine to stop.
    void say(std::string_view text);

private:
    using Reply = std::optional<std::string>;
    struct Command {
        std::string_view prefix;
        Reply (Stub::*answer)(std::string_view arguments);
        const char* constant = nullptr;  ///< where answer is null
    };
    static const Command commands[];

    std::optional<Message> next_message();
    void send(std::string_view text);
    void print(std::string_view text);
    void answer(const std::string& packet);
    std::string stop_reply() const;

    Reply supported(std::string_view);
    Reply no_acknowledgement(std::string_view);
    Reply describe(std::string_view arguments);
    Reply monitor(std::string_view arguments);
    Reply why(std::string_view);
    Reply read_registers(std::string_view);
    Reply write_registers(std::string_view arguments);
    Reply read_register(std::string_view arguments);
    Reply write_register(std::string_view arguments);
    Reply read_memory(std::string_view arguments);
    Reply write_memory(std::string_view arguments);
    Reply write_binary(std::string_view arguments);
    Reply insert(std::string_view arguments);
    Reply remove(std::string_view arguments);
    Reply resume(std::string_view arguments);
    Reply go_on(std::string_view arguments);
    Reply step(std::string_view arguments);
    Reply go_on_with_signal(std::string_view arguments);
    Reply step_with_signal(std::string_view arguments);
    Reply detach(std::string_view);
    Reply kill(std::string_view);
    Reply kill_process(std::string_view);

    Target& target_;
    PacketReader reader_;
    std::deque<Message> kept_;  ///< came while the machine ran
    std::string output_, last_packet_;
    bool acknowledges_ = true;
    bool is_awaiting_stop_ = false;
    StopReport report_;
    std::optional<Resume> resume_;
};

}  // namespace karhunen::debug
