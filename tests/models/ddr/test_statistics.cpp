#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr/conservation.h"
#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

BOOST_AUTO_TEST_SUITE(statistics)

BOOST_AUTO_TEST_CASE(histogram) {
    LatencyHistogram h;
    BOOST_TEST(h.percentile(0.5) == 0);
    std::vector<Clock> values;
    std::mt19937 random(3);
    for (int i = 0; i < 10001; ++i) {
        values.push_back(static_cast<Clock>(random() % 100000 >> random() % 16));
        h.add(values.back());
    }
    std::sort(values.begin(), values.end());
    BOOST_TEST(h.count() == values.size());
    BOOST_TEST(h.least() == values.front());
    BOOST_TEST(h.most() == values.back());
    BOOST_TEST(h.percentile(1) == values.back());
    for (const double share : {0.1, 0.5, 0.9, 0.99}) {
        const Clock exact = values[static_cast<size_t>(std::ceil(share * 10001)) - 1];
        BOOST_TEST(h.percentile(share) >= exact);
        BOOST_TEST(h.percentile(share) <= exact + exact / 8);
    }
    LatencyHistogram twice = h;
    twice.add(h);
    BOOST_TEST(twice.count() == 2 * h.count());
    BOOST_TEST(twice.percentile(0.5) == h.percentile(0.5));
    BOOST_TEST(twice.mean() == h.mean());
}

BOOST_AUTO_TEST_CASE(traffic_is_conserved_and_attributed) {
    std::vector<Access> accesses;
    std::map<Key, std::pair<uint64_t, uint64_t>> bytes;
    std::mt19937 random(11);
    for (int i = 0; i < 3000; ++i) {
        const Key key{Master(random() % 3), TrafficKind(random() % 6), uint32_t(random() % 5)};
        const Access a{random() % (8 << 20),
                       1 + random() % 700,
                       random() % 3 == 0,
                       i * 20,
                       static_cast<uint32_t>(key.master),
                       key};
        accesses.push_back(a);
        (a.write ? bytes[key].second : bytes[key].first) += a.bytes;
    }
    Player player;
    player.play(accesses);
    BOOST_TEST(player.check() == "");
    const Statistics s = player.statistics();
    BOOST_TEST(s.accounts.size() == bytes.size());
    for (const auto& [key, b] : bytes) {
        BOOST_TEST(s.accounts.at(key).bytes_read == b.first);
        BOOST_TEST(s.accounts.at(key).bytes_written == b.second);
    }
    // Energy: the sum over masters, with what belongs to none, is that over commands.
    const EnergyModel m(Device::find("ddr3-1600-4gb-x16"), 800);
    Energy sum = m.shared(s);
    Account all;
    for (const Master master : {Master::cpu, Master::dma, Master::host}) {
        const Account a = s.sum([&](const Key& k) { return k.master == master; });
        sum += m.of(a);
        all += a;
    }
    BOOST_TEST(sum.total() == m.total(s).total(), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(conservation_violation(s, m) == "");
    BOOST_TEST(all.requests == accesses.size());
    BOOST_TEST(all.latency.count() == accesses.size());
    BOOST_TEST(all.read_bursts + all.write_bursts == all.hits + all.misses + all.conflicts);
    // Never above the pins.
    BOOST_TEST(s.data_clocks == 4 * Clock(all.read_bursts + all.write_bursts));
    BOOST_TEST(s.data_clocks <= s.clocks);
}

BOOST_AUTO_TEST_CASE(violations_are_named) {
    Player player;
    player.play({{0, 1000}, {5000, 1000, true}});
    Statistics s = player.statistics();
    BOOST_TEST(s.violation() == "");
    ++s.accounts.begin()->second.read_bursts;
    BOOST_TEST(s.violation() == "read bursts: 64 by account, 63 by command");
    s = player.statistics();
    s.accounts.begin()->second.bytes_read += 1000;
    BOOST_TEST(s.violation() == "more bytes moved than bursts carry");
}

BOOST_AUTO_TEST_CASE(traffic_of_nobody_and_lost_energy_are_named) {
    const Device device = Device::find("ddr3-1600-4gb-x16");
    const EnergyModel model(device, 800);
    Player player;
    player.play({{0, 1000}, {5000, 1000, true}});
    const Statistics good = player.statistics();
    BOOST_TEST(conservation_violation(good, model) == "");
    Statistics s = good;
    ++s.commands[static_cast<unsigned>(Command::act)];
    BOOST_TEST(conservation_violation(s, model) == "activates: 2 by account, 3 by command");
    // Accounts and commands agree, but whose traffic it is nobody can tell.
    const Account account = good.accounts.begin()->second;
    s = good;
    s.accounts.clear();
    s.accounts[{Master::count, TrafficKind::other}] = account;
    BOOST_TEST(conservation_violation(s, model) == "requests: 0 by master, 2 in all");
    s.accounts.clear();
    s.accounts[{Master::dma, TrafficKind::count}] = account;
    BOOST_TEST(conservation_violation(s, model) == "requests: 0 by kind of data, 2 in all");
    // A clock that never ticks: background for ever, which equals nothing.
    BOOST_TEST(conservation_violation(good, EnergyModel(device, 0)) ==
               "energy of background: inf pJ by master, inf pJ in all");
}

BOOST_AUTO_TEST_CASE(busy_time_of_a_tag) {
    const Key one{Master::dma, TrafficKind::maps, 1}, also_one{Master::cpu, TrafficKind::other, 1},
        two{Master::dma, TrafficKind::maps, 2};
    Player player;
    // Two overlapping requests of tag 1, one later; one of tag 2 in between.
    player.play({{0, 16, false, 0, 0, one},
                 {2048, 16, false, 3, 1, also_one},
                 {4096, 16, false, 300, 0, two},
                 {0, 16, false, 1000, 0, one}});
    player.core().advance(5000);
    const Statistics s = player.statistics();
    const auto& done = player.completed_at;
    BOOST_TEST(s.busy_clocks_of_tag.at(1) == std::max(done[0], done[1]) - 0 + done[3] - 1000);
    BOOST_TEST(s.busy_clocks_of_tag.at(2) == done[2] - 300);
    BOOST_TEST(s.busy_clocks == s.busy_clocks_of_tag.at(1) + s.busy_clocks_of_tag.at(2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
