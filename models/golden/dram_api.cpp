// Commands of a DRAM, checked.
#include "models/ddr_checker/command_checker.h"
#include "models/golden/guard.h"

using namespace karhunen::ddr;
using namespace karhunen::golden;

struct karhunen_dram : Handle {
    static constexpr Kind own_kind = Kind::dram;
    static constexpr std::string_view name = "dram";
    karhunen_dram(const CheckedDevice& device, const RefreshRule& refresh)
        : Handle(own_kind), checker(device, refresh, {UINT64_MAX, "command ", 1}) {}
    CommandChecker checker;
};

constexpr int64_t most_banks = 1024;

static_assert(KARHUNEN_ACT == int(Command::act) && KARHUNEN_RD == int(Command::rd) &&
              KARHUNEN_RDA == int(Command::rda) && KARHUNEN_WR == int(Command::wr) &&
              KARHUNEN_WRA == int(Command::wra) && KARHUNEN_PRE == int(Command::pre) &&
              KARHUNEN_PREA == int(Command::prea) && KARHUNEN_REF == int(Command::ref));

extern "C" {

karhunen_status karhunen_dram_create(karhunen_context* context, const char* device,
                                     int32_t postponed, karhunen_dram** dram) {
    return guarded(context, [&] {
        karhunen_dram*& result = output(dram, "dram");
        const std::string text = &output(device, "device");
        need(postponed >= -1 && postponed <= 8, "postponed: expected -1 to 8");
        const auto allowed = static_cast<uint32_t>(std::max(postponed, 0));
        const RefreshRule rule{allowed, allowed, postponed >= 0};
        const bool is_text = text.find('\n') != std::string::npos;
        const CheckedDevice checked_device = [&] {
            try {
                return is_text ? CheckedDevice::parse(text) : CheckedDevice::find(text);
            } catch (const std::bad_alloc&) {
                throw;
            } catch (const std::exception& e) {
                throw Error(is_text ? KARHUNEN_BAD_DATA : KARHUNEN_BAD_ARGUMENT, e.what());
            }
        }();
        // The checker keeps a record for each bank.
        if (checked_device.banks > most_banks || checked_device.banks % checked_device.bank_groups)
            throw Error(KARHUNEN_BAD_DATA, "banks: expected up to 1024, alike in all bank groups");
        result = new karhunen_dram(checked_device, rule);
    });
}

karhunen_status karhunen_dram_command(karhunen_context* context, karhunen_dram* dram, int64_t clock,
                                      karhunen_dram_operation operation, uint32_t bank,
                                      uint32_t row, uint32_t column) {
    return guarded(context, [&] {
        CommandChecker& checker = checked(dram).checker;
        need(clock >= 0 && clock >> 60 == 0, "clock: expected 0 to 2^60");
        const auto number = static_cast<unsigned>(operation);
        need(number < command_count, "operation: there is none of this number");
        const auto command = static_cast<Command>(number);
        // A bus has the row in an activate alone.
        const bool any = is_column(command) && row == KARHUNEN_ANY_ROW;
        if (any) row = checker.latest_row(bank);
        if (!is_column(command)) column = 0;
        if (command == Command::pre) row = 0;
        checker.add({clock, command, bank, row, column});
        const std::string found = checker.take_violations();
        if (!found.empty()) throw Error(KARHUNEN_VIOLATION, found);
    });
}

karhunen_status karhunen_dram_violations(karhunen_context* context, const karhunen_dram* dram,
                                         uint64_t* count) {
    return guarded(context, [&] {
        const CommandChecker& checker = checked(dram).checker;
        output(count, "count") = checker.violation_count();
    });
}

void karhunen_dram_destroy(karhunen_dram* dram) {
    if (is(dram)) delete dram;
}

}  // extern "C"
