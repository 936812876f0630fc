// Plans of faults: what is read, and what is refused with which words and where.
#include <boost/test/unit_test.hpp>

#include "platform/configuration.h"
#include "platform/faults/plan.h"

using namespace karhunen;

namespace {

Fault one(const std::string& text) {
    const FaultPlan plan = FaultPlan::parse("faults: [" + text + "]", "x.yaml");
    BOOST_TEST_REQUIRE(plan.faults.size() == 1u);
    return plan.faults[0];
}

void check_refused(const std::string& text, const std::vector<std::string>& parts) {
    BOOST_TEST_CONTEXT(text) {
        try {
            FaultPlan::parse(text, "x.yaml");
            BOOST_ERROR("it was not refused");
        } catch (const ConfigurationError& error) {
            const std::string what = error.what();
            for (const std::string& part : parts)
                BOOST_TEST(what.find(part) != what.npos, what << " does not say " << part);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_is_read) {
    const auto band = std::get<MemoryFlip>(
        one("{flip: {tensor: a, image: 1, band: 2, byte: 0x10, bit: 3}}").what);
    BOOST_TEST((band.part == MemoryPart::band));
    BOOST_TEST(band.band.tensor.text == "a");
    BOOST_TEST((band.band.image == 1 && band.band.band == 2 && band.byte == 16 && band.bit == 3));
    const auto address = std::get<MemoryFlip>(one("{flip: {address: 0x80001234, bit: 7}}").what);
    BOOST_TEST(address.address == 0x80001234u);
    BOOST_TEST(
        (std::get<MemoryFlip>(one("{flip: {entry: a, bit: 0}}").what).part == MemoryPart::entry));
    const auto weights = std::get<MemoryFlip>(one("{flip: {bit: 1, weights: w}}").what);
    BOOST_TEST((weights.part == MemoryPart::weights && weights.name.text == "w"));
    BOOST_TEST(
        (std::get<MemoryFlip>(one("{flip: {table: t, bit: 1}}").what).part == MemoryPart::table));
    BOOST_TEST(std::get<RegisterFlip>(one("{flip: {register: A.B, bit: 31}}").what).bit == 31u);
    const auto stream =
        std::get<StreamFlip>(one("{flip: {port: output, side: block, byte: 5, bit: 1}}").what);
    BOOST_TEST((stream.port == 6 && !stream.at_memory && stream.byte == 5 && stream.bit == 1));
    const auto stuck =
        std::get<StuckPort>(one("{stuck: {port: input, what: gives, for_us: 2.5}}").what);
    BOOST_TEST((stuck.port == 4 && stuck.gives && stuck.for_us == 2.5));
    const auto late = std::get<LateInterrupt>(one("{interrupt: {source: DMA, delay_us: 20}}").what);
    BOOST_TEST((late.source == 2 && late.delay_us == 20));
    const auto bus = std::get<BusFault>(
        one("{bus: {address: 16, bytes: 8, master: cpu, access: write, bit: 2}}").what);
    BOOST_TEST((bus.first == 16 && bus.last == 23 && *bus.cpu && *bus.write && *bus.byte == 0));
    BOOST_TEST(!std::get<BusFault>(one("{bus: {register: A.B}}").what).byte);
    BOOST_TEST(std::get<SlowDram>(one("{slow_dram: {factor: 3}}").what).factor == 3);
}

BOOST_AUTO_TEST_CASE(time_is_read) {
    const When when =
        one("{interrupt: {source: UART}, when: {stored: t, image: 1, band: 4, nth: 3, times: 9}}")
            .when;
    BOOST_TEST((when.stored->tensor.text == "t" && when.stored->image == 1 &&
                when.stored->band == 4 && when.nth == 3 && when.times == 9));
    const Fault later = one("{when: {us: 1.5}, flip: {register: A.B, bit: 0}}");
    BOOST_TEST(later.when.us == 1.5);
    BOOST_TEST(later.text == "{when: {us: 1.5}, flip: {register: A.B, bit: 0}}");
}

BOOST_AUTO_TEST_CASE(bad_plans_are_refused_where_they_are_bad) {
    check_refused("", {"x.yaml", "expected keys: faults"});
    check_refused("faults: [", {"x.yaml:", "not YAML"});
    check_refused("fault: []", {"x.yaml:1:1", "unknown key", "'fault'", "'faults'"});
    check_refused("faults: []", {"x.yaml:1:9", "expected a list"});
    check_refused("faults:\n  - flop: {bit: 1}", {"x.yaml:2:5", "'flop'", "'flip'"});
    check_refused("faults:\n  - when: {us: 1}", {"x.yaml:2:5", "expected {KIND"});
    check_refused("faults: [{flip: {bit: 1}}]", {"x.yaml:1:17", "expected one of address"});
    check_refused("faults: [{flip: {tensor: a}}]", {"x.yaml:1:17", "bit is missing"});
    check_refused("faults: [{flip: {tensor: a, bit: 8}}]", {"x.yaml:1:34", "from 0 to 7", "'8'"});
    check_refused("faults: [{flip: {tensor: a, bit: -1}}]", {"'-1'"});
    check_refused("faults: [{flip: {tensor: a, bit: 1, bit: 2}}]", {"x.yaml:1:37", "twice"});
    check_refused("faults: [{flip: {tensor: [a], bit: 1}}]", {"x.yaml:1:26", "expected a word"});
    check_refused("faults: [{flip: {tensor: a, port: input, bit: 1}}]", {"unknown key", "'port'"});
    check_refused("faults: [{flip: {address: 0x1000, bit: 1}}]", {"0x80000000", "'0x1000'"});
    check_refused("faults: [{flip: {port: inputs, bit: 1}}]", {"unknown port", "'input'"});
    check_refused("faults: [{stuck: {port: output}}]", {"x.yaml:1:25", "what: gives"});
    check_refused("faults: [{stuck: {port: input, for_us: x}}]", {"x.yaml:1:40", "a number"});
    check_refused("faults: [{interrupt: {source: dma}}]", {"x.yaml:1:31", "'DMA'"});
    check_refused("faults: [{bus: {master: cpu}}]", {"either address or register"});
    check_refused("faults: [{bus: {register: A.B, bytes: 4}}]", {"bytes belongs to address"});
    check_refused("faults: [{bus: {address: 4, byte: 4}}]", {"x.yaml:1:35", "needs bit"});
    check_refused("faults: [{bus: {address: 0xffffffff, bytes: 2}}]", {"beyond 4 GiB"});
    check_refused("faults: [{slow_dram: {for_us: 4}}]", {"expected factor, latency_ns or both"});
    check_refused("faults: [{slow_dram: {factor: 0.5}}]", {"from 1 to", "'0.5'"});
    check_refused("faults: [{slow_dram: {factor: 2}, when: {nth: 2}}]",
                  {"x.yaml:1:47", "nth counts accesses of bus and interrupts"});
    for (const char* misplaced : {"{interrupt: {source: DMA, nth: 2}}",
                                  "{interrupt: {source: DMA}, nth: 2}", "{nth: 2, flip: {}}"})
        check_refused(std::string("faults: [") + misplaced + "]",
                      {"x.yaml:1:", "nth belongs under when, as {"});
    check_refused("faults: [{flip: {tensor: a, byt: 1}}]",
                  {"'byt'", "known: tensor, byte, bit, image, band"});
    check_refused("faults: [{slow_dram: {factor: 2}, when: {us: 2, stored: a}}]", {"besides"});
    check_refused("faults: [{slow_dram: {factor: 2}, when: {band: 2}}]", {"belongs to stored"});
    check_refused("faults: [{slow_dram: {factor: 2}, when: {us: nan}}]", {"'nan'"});
    check_refused("faults: [{slow_dram: {factor: 2}, bus: {address: 4}}]", {"has one kind"});
    BOOST_CHECK_THROW(FaultPlan::read("/nowhere/x.yaml"), ConfigurationError);
}
