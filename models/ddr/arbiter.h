// Whose request enters the queues next.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>

namespace karhunen::ddr {

/// Ports with requests that wait, by priority (0: most important). Equals take turns.
class Arbiter {
public:
    static constexpr uint32_t priorities = 8;

    bool empty() const { return waiting_ == 0; }

    void add(uint32_t port, uint32_t priority) {
        ports_[priority].push_back(port);
        ++waiting_;
        most_important_ = std::min(most_important_, priority);
    }

    /// Offers turns until every port has refused one. turn(port) says whether the port made use of
    /// it, and adds the port again if still something waits. It may add other ports.
    template <typename Turn>
    void run(Turn turn) {
        for (uint32_t p = 0; p < priorities && waiting_;) {
            most_important_ = priorities;
            bool more_important_came = false;
            for (size_t refused = 0; refused < ports_[p].size() && !more_important_came;) {
                const uint32_t port = ports_[p].front();
                ports_[p].pop_front();
                --waiting_;
                refused = turn(port) ? 0 : refused + 1;
                more_important_came = most_important_ < p;
            }
            p = more_important_came ? most_important_ : p + 1;
        }
    }

private:
    std::array<std::deque<uint32_t>, priorities> ports_;
    uint32_t most_important_ = priorities;  ///< of the ports added since
    size_t waiting_ = 0;
};

}  // namespace karhunen::ddr
