#include "platform/trace/recorder.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include <karhunen/registers.h>

#include "models/interfaces/time_text.h"
#include "platform/registers/machine_registers.h"

namespace karhunen {

namespace {

using Kind = TraceAction::Kind;

TraceAction action(Kind kind, const RegisterPlace& place, uint32_t value, uint32_t mask = 0) {
    TraceAction a;
    a.kind = kind;
    a.register_place = &place;
    a.value = value;
    a.mask = mask;
    return a;
}

std::string_view last_name(const RegisterPlace& place) {
    return std::string_view(place.name).substr(place.name.rfind('.') + 1);
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return name.ends_with(end); });
}

/// What stays true of a value that was read, whenever it is read again.
TraceAction lasting(const RegisterPlace& place, uint32_t value, bool is_repeated) {
    const std::string_view name = last_name(place);
    const uint32_t all = UINT32_MAX >> (32 - 8 * place.bytes);
    if (ends_with_any(name, {"JOBS_DONE", "CHAINS_DONE"}))
        return action(Kind::poll_least, place, value);
    if (ends_with_any(name, {"STATUS"})) {  // not busy, not full: until the next start
        const uint32_t zeros = ~value & (KRHN_STATUS_BUSY | KRHN_STATUS_FULL);
        if (zeros != 0) return action(Kind::poll, place, 0, zeros);
        return action(Kind::reg_read, place, value);
    }
    if (ends_with_any(name, {"MTIME", "MTIME_HIGH", "_PEAK", "_KIB", "PENDING", "IIR_FCR"}))
        return action(Kind::reg_read, place, value);
    if (is_repeated || name == "LSR") return action(Kind::poll, place, value, all);
    return action(Kind::reg_read, place, value, all);
}

}  // namespace

TraceRecorder::TraceRecorder(const std::filesystem::path& path)
    : text_(path),
      memory_file_(path.string() + ".bin"),
      memory_name_(path.filename().string() + ".bin") {}

void TraceRecorder::attach(const RunSubject& subject, Machine& machine) {
    machine_ = &machine;
    loadable_ = &subject.loadable;
    layout_.emplace(subject.loadable, subject.images);
    text_.write(std::string(trace_magic) + "\nmemory " + memory_name_ + '\n');
    load_memory(subject.loadable.header().memory_bytes);
    machine.bus.on_access([this](const BusAccess& access) { on_access(access); });
}

void TraceRecorder::on_band_stored(uint32_t entry_address, const krhn_tile_entry& entry) {
    stored_.push_back({entry_address, entry});
}

void TraceRecorder::finish(Machine&, RunReport&) {
    check_stored();
    memory_file_.commit();
    text_.commit();
    std::fprintf(stderr, "symbolic trace: %llu actions, %llu KiB of text, %llu KiB of memory\n",
                 static_cast<unsigned long long>(actions_),
                 static_cast<unsigned long long>(text_bytes_ >> 10),
                 static_cast<unsigned long long>(memory_bytes_ >> 10));
    if (has_read_uart_)
        std::fputs(
            "symbolic trace: warning: the program has read what came to the UART, which is "
            "not in the trace: a replay waits for it in vain\n",
            stderr);
}

void TraceRecorder::on_access(const BusAccess& access) {
    if (access.master != Master::cpu || access.data.size() > 4) return;
    uint32_t value = 0;
    std::memcpy(&value, access.data.data(), access.data.size());
    const auto address = static_cast<uint32_t>(access.address);
    if (access.response != tlm::TLM_OK_RESPONSE) {
        flush();
        comment("an access that was answered with an error");
        return;
    }
    note_alarm(access.time);
    const RegisterPlace* place = find_register(address);
    if (!place) {
        if (access.command != tlm::TLM_WRITE_COMMAND || address < KRHN_DDR_BASE) return;
        flush();
        load(address, access.data);
    } else if (access.command == tlm::TLM_READ_COMMAND) {
        on_read(*place, value);
    } else {
        on_write(*place, value);
    }
}

/// What firmware does behind an alarm of the timer is done behind it again.
void TraceRecorder::note_alarm(sc_core::sc_time now) {
    if (is_alarm_told_ || machine_->clint.mtime(now) < alarm_) return;
    is_alarm_told_ = true;
    flush();
    emit(action(Kind::poll_least, *find_register(KRHN_CLINT_BASE + KRHN_CLINT_MTIME),
                static_cast<uint32_t>(alarm_)));
}

void TraceRecorder::set_alarm(const RegisterPlace& half, uint32_t value) {
    const unsigned shift = half.address & 4 ? 32 : 0;
    alarm_ = (alarm_ & ~(uint64_t{UINT32_MAX} << shift)) | uint64_t{value} << shift;
    is_alarm_told_ = false;
}

void TraceRecorder::on_read(const RegisterPlace& place, uint32_t value) {
    if (place.address == KRHN_UART_BASE + KRHN_UART_DATA) has_read_uart_ = true;
    if (place.address == KRHN_PLIC_BASE + KRHN_PLIC_CLAIM) {
        flush();
        claimed_ = value;
        if (value != 0) claims_.push_back(value);
        return;
    }
    if (claimed_ != 0) {
        const bool tells = last_name(place) == "IRQ_STATUS";
        emit_wait(tells ? told_by(place, value).size() : 0);
        if (tells) return emit_read({&place, value, false});
    }
    // Loops that wait for something read again and again: what they saw last is what counts.
    const auto same = [&](const Read& read) { return read.place == &place; };
    const bool is_repeated =
        place.description->access != Access::RWS && std::erase_if(reads_, same) > 0;
    reads_.push_back({&place, value, is_repeated});
}

void TraceRecorder::on_write(const RegisterPlace& place, uint32_t value) {
    flush();
    if (place.address == KRHN_SIMULATION_CONTROL_BASE + KRHN_SIMULATION_EXIT) check_stored();
    if (place.address == KRHN_COMPUTE_ARRAY_BASE + KRHN_ARRAY_TAG) name_layer(value);
    if (last_name(place).starts_with("MTIMECMP")) set_alarm(place, value);
    if (last_name(place) == "CHANNEL_CONTROL" && value & KRHN_CONTROL_START)
        load_chain((place.address - KRHN_DMA_BASE - KRHN_DMA_CHANNEL(0)) / KRHN_DMA_CHANNEL_BYTES);
    emit(action(Kind::reg_write, place, value));
}

void TraceRecorder::flush() {
    if (claimed_ != 0) emit_wait(0);
    for (const Read& read : std::exchange(reads_, {})) emit_read(read);
}

void TraceRecorder::emit_wait(size_t conditions) {
    TraceAction wait;
    wait.kind = Kind::wait_irq;
    wait.source = std::exchange(claimed_, 0);
    wait.conditions = static_cast<uint32_t>(conditions);
    emit(wait);
}

void TraceRecorder::emit_read(const Read& read) {
    if (last_name(*read.place) != "IRQ_STATUS")
        return emit(lasting(*read.place, read.value, read.is_repeated));
    for (const TraceAction& a : told_by(*read.place, read.value)) emit(a);
    emit(action(Kind::reg_read, *read.place, read.value));
}

void TraceRecorder::emit(const TraceAction& a) {
    const std::string text = text_of(a) + '\n';
    text_.write(text);
    text_bytes_ += text.size();
    ++actions_;
}

void TraceRecorder::comment(const std::string& text) {
    const std::string line = "# " + text + '\n';
    text_.write(line);
    text_bytes_ += line.size();
}

void TraceRecorder::name_layer(uint32_t tag) {
    if (tag == layer_) return;
    layer_ = tag;
    comment("layer " + std::to_string(tag) +
            (tag < loadable_->layers().size()
                 ? " " + std::string(loadable_->name(loadable_->layers()[tag]))
                 : "") +
            ", at " + time_text(sc_core::sc_time_stamp()));
}

/// The state behind the bits of an IRQ_STATUS, which lasts: bits may be told together.
std::vector<TraceAction> TraceRecorder::told_by(const RegisterPlace& place, uint32_t bits) {
    std::vector<TraceAction> told;
    const auto tell = [&](uint32_t done, uint32_t ready, uint32_t error, const std::string& block,
                          const char* status, const char* errors, const char* counter) {
        const auto now = [&](const RegisterPlace* p) {
            return machine_register(*machine_, *p)->read();
        };
        const RegisterPlace *s = find_register(block + status), *e = find_register(block + errors),
                            *c = find_register(block + counter);
        if (bits & done) told.push_back(action(Kind::poll_least, *c, now(c)));
        if (bits & ready && !(now(s) & KRHN_STATUS_FULL))
            told.push_back(action(Kind::poll, *s, 0, KRHN_STATUS_FULL));
        if (bits & error && now(e) != 0) told.push_back(action(Kind::poll, *e, now(e), now(e)));
    };
    const std::string block = place.name.substr(0, place.name.find('.') + 1);
    if (block != "DMA.") {
        tell(KRHN_IRQ_DONE, KRHN_IRQ_READY, KRHN_IRQ_ERROR, block, "STATUS", "ERROR", "JOBS_DONE");
        return told;
    }
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c)
        tell(KRHN_DMA_IRQ_DONE(c), KRHN_DMA_IRQ_READY(c), KRHN_DMA_IRQ_ERROR(c),
             block + "CHANNEL" + std::to_string(c) + '.', "CHANNEL_STATUS", "CHANNEL_ERROR",
             "CHAINS_DONE");
    return told;
}

}  // namespace karhunen
