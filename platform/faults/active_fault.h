// A fault of a plan in a running machine.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <systemc>

#include "platform/faults/plan.h"
#include "platform/instrument.h"

namespace karhunen {

/// What a fault needs to find its place.
struct FaultScene {
    const YamlSource& source;
    const RunSubject& subject;
    Machine& machine;
};

class ActiveFault {
public:
    explicit ActiveFault(const Fault& fault) : when_(fault.when) { report_.text = fault.text; }
    virtual ~ActiveFault() = default;
    ActiveFault(const ActiveFault&) = delete;

    /// Its time has come.
    void arm() {
        armed_ = true;
        armed_at_ = sc_core::sc_time_stamp();
        on_armed();
    }
    const When& when() const { return when_; }
    const InjectedFault& report() const { return report_; }

protected:
    bool is_armed() const { return armed_; }
    const sc_core::sc_time& armed_at() const { return armed_at_; }
    /// An occasion: whether it is one of those to strike.
    bool is_turn() {
        if (!armed_) return false;
        ++occasions_;
        return occasions_ >= when_.nth && occasions_ - when_.nth < when_.times;
    }
    /// It has struck. The report has the first effect.
    void fired(const std::string& effect);
    /// It could not strike, and why.
    void missed(const std::string& why) { report_.effect = why; }

private:
    virtual void on_armed() {}

    const When when_;
    InjectedFault report_;
    bool armed_ = false;
    sc_core::sc_time armed_at_;
    uint64_t occasions_ = 0;
};

/// Something that holds from arming on, for a time or for ever (0).
class Period {
public:
    explicit Period(double for_us) : endless_(for_us == 0), length_(for_us, sc_core::SC_US) {}
    bool is_endless() const { return endless_; }
    /// What is left of it; zero: it is over.
    sc_core::sc_time left(const sc_core::sc_time& since) const {
        const sc_core::sc_time end = since + length_, now = sc_core::sc_time_stamp();
        return end > now ? end - now : sc_core::SC_ZERO_TIME;
    }
    bool holds(const sc_core::sc_time& since) const {
        return endless_ || left(since) != sc_core::SC_ZERO_TIME;
    }

private:
    bool endless_;
    sc_core::sc_time length_;
};

/// "0x80001234", "0x3f -> 0x3e".
std::string hex_text(uint64_t value);
std::string change_text(uint64_t before, uint64_t after);

// Each throws ConfigurationError for a name that the scene does not have.
std::unique_ptr<ActiveFault> make_memory_flip(const Fault& fault, const FaultScene& scene);
std::unique_ptr<ActiveFault> make_register_flip(const Fault& fault, const FaultScene& scene);

}  // namespace karhunen
