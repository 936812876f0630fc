// Firmware that does wrong, and memory that does: the machine says what, where and when.
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <optional>

#include <boost/test/unit_test.hpp>

#include <karhunen/dma.h>

#include "models/cpu/elf.h"
#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

using namespace karhunen;

namespace {

namespace fs = std::filesystem;

fs::path variant(const std::string& name) {
    return fs::path(KARHUNEN_FIRMWARE_VARIANTS) / (name + ".elf");
}

void check_says(const std::string& text, const std::vector<std::string>& parts) {
    for (const std::string& part : parts)
        BOOST_TEST(text.find(part) != std::string::npos,
                   "\"" << text << "\" does not say \"" << part << "\"");
}

/// A small output buffer: maps of many bands.
struct SmallBands : Simulation {
    SmallBands() {
        options.codec = "raw";
        options.configuration.buffers.output_kib = 4;
        options.configuration.cpu.watchdog_ms = 20;
        loadable.emplace(small_loadable(options));
    }
    RunReport run(const fs::path& firmware) {
        RunOptions run_options = small_run(*loadable, options);
        run_options.firmware = firmware;
        return karhunen::run(*loadable, run_options);
    }
    RunReport check_fault(const std::string& firmware, const std::vector<std::string>& parts) {
        const RunReport report = run(variant(firmware));
        BOOST_TEST(report.exit_code == 3);
        BOOST_TEST(report.first_difference == "");
        BOOST_TEST(report.top.empty());
        check_says(report.fault, parts);
        return report;
    }

    SmallOptions options;
    std::optional<Loadable> loadable;
};

/// "... layer L band B ..." of the line with which a variant announces itself.
std::pair<uint32_t, uint32_t> announced(const std::string& uart) {
    uint32_t layer = 0, band = 0;
    const size_t at = uart.find("test: layer ");
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "the UART said: " << uart);
    BOOST_REQUIRE(std::sscanf(uart.c_str() + at, "test: layer %u band %u", &layer, &band) >= 1);
    return {layer, band};
}

/// A file of the test's own, gone at its end.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::vector<uint8_t>& bytes)
        : path_(fs::temp_directory_path() / ("firmware-" + std::to_string(getpid()) + ".elf")) {
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
    ~TemporaryFile() { fs::remove(path_); }
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::vector<uint8_t> good_elf() {
    std::ifstream in(variant("sleep_for_ever"), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(firmware_faults, SmallBands)

BOOST_AUTO_TEST_CASE(a_skipped_band_is_named) {
    const RunReport report = run(variant("skip_band"));
    const auto [layer, band] = announced(report.uart);
    const krhn_tensor& tensor = loadable->tensors()[loadable->layers()[layer].output];
    BOOST_TEST(report.exit_code == 4);
    BOOST_TEST(report.fault == "");
    check_says(report.first_difference,
               {"tensor " + std::string(loadable->name(tensor)) + ", band " + std::to_string(band) +
                    " of " + std::to_string(tensor.bands) + ": never stored; and then: tensor ",
                ": expected ", ", actual "});
}

BOOST_AUTO_TEST_CASE(independent_bands_may_be_swapped) {
    const RunReport report = run(variant("swap_bands"));
    announced(report.uart);  // that it did
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST(report.fault == "");
    BOOST_TEST(report.first_difference == "");
    BOOST_TEST(report.bands_checked > 0u);
}

BOOST_AUTO_TEST_CASE(a_read_of_nothing) {
    check_fault("read_unmapped", {"firmware ended with code 3 at ",
                                  "bus error: read of 4 bytes at 0x40000000 by cpu at ",
                                  "ns: nothing is mapped there; nearest is SRAM",
                                  "trap 5: load access fault", "address 0x40000000, pc 0x2000"});
}

BOOST_AUTO_TEST_CASE(a_write_of_a_read_only_register) {
    check_fault("write_read_only", {"bus error: write of 4 bytes at 0x10016018 by cpu at ",
                                    "encoder does not allow that (read-only or write-only)",
                                    "trap 7: store access fault", "address 0x10016018"});
}

BOOST_AUTO_TEST_CASE(a_start_of_a_busy_unit) {
    check_fault("start_full", {"firmware ended with code 3", "input decoder", "start when full"});
}

BOOST_AUTO_TEST_CASE(sleep_for_ever) {
    check_fault("sleep_for_ever", {"watchdog: no sign of progress from firmware, which has never "
                                   "restarted it (20 ms allowed), stopped at 20 ms",
                                   "cpu.watchdog_ms", "the UART has sent nothing"});
    options.configuration.cpu.watchdog_ms = 0;
    check_fault("sleep_for_ever",
                {"the machine came to rest at ", "an interrupt that never comes"});
}

BOOST_AUTO_TEST_CASE(a_bit_that_flips_in_memory) {
    const krhn_tensor& tensor = loadable->tensors()[1];
    BOOST_REQUIRE(tensor.bands > 2u);
    RunOptions run_options = small_run(*loadable, options);
    run_options.check = false;
    run_options.after_store = [&](uint64_t entry, std::span<uint8_t> memory) {
        if (entry == tensor.entries_offset + 2 * sizeof(krhn_tile_entry))
            memory[tensor.slots_offset + 2 * tensor.slot_stride] ^= 1;
    };
    const RunReport report = karhunen::run(*loadable, run_options);
    BOOST_TEST(report.exit_code == 3);
    check_says(report.fault, {"DMA channel 4", "checksum", "layer 1 image 0 band 2"});
}

BOOST_AUTO_TEST_CASE(files_that_are_no_firmware) {
    const auto check_refused = [&](const std::vector<uint8_t>& bytes, const std::string& part) {
        const TemporaryFile file(bytes);
        std::string message = "nothing was refused";
        try {
            run(file.path());
        } catch (const ElfError& error) {
            message = error.what();
        }
        check_says(message, {file.path().string() + ": ", part});
    };
    const auto edited = [](size_t offset, std::vector<uint8_t> bytes) {
        std::vector<uint8_t> elf = good_elf();
        std::copy(bytes.begin(), bytes.end(), elf.begin() + static_cast<ptrdiff_t>(offset));
        return elf;
    };
    std::vector<uint8_t> truncated = good_elf();
    truncated.resize(100);
    check_refused({'h', 'e', 'l', 'l', 'o'}, "not an ELF file");
    check_refused({}, "ELF file ends within a header");
    check_refused(truncated, "ELF file ends within a ");
    check_refused(edited(18, {62, 0}), "not for RISC-V");  // x86-64
    check_refused(edited(4, {2}), "not a 32-bit");
    check_refused(edited(16, {3, 0}), "not an executable");
    // The physical address of the first program header: behind the ELF header of 52 bytes.
    check_refused(edited(52 + 12, {0, 0, 0, 0x30}), "at 0x30000000 does not lie in memory");
    BOOST_CHECK_THROW(run("/nowhere/firmware.elf"), ElfError);
}

BOOST_AUTO_TEST_SUITE_END()
