// Several runs in one process, with something attached and without: nothing is left of one in the
// next.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "platform/debug/crash_dump.h"
#include "platform/debug/debugger.h"
#include "platform/debug/register_log.h"
#include "platform/debug/stop_at.h"
#include "tests/platform/small_network.h"
#include "tests/support/simulation.h"

using namespace karhunen;
using namespace karhunen::debug;

namespace {

namespace fs = std::filesystem;

struct Bench : Simulation {
    SmallOptions options;
    Loadable loadable = small_loadable(options);
    const fs::path folder =
        fs::temp_directory_path() / ("karhunen-instruments-" + std::to_string(getpid()));

    Bench() { fs::create_directory(folder); }
    ~Bench() { fs::remove_all(folder); }

    RunReport run(std::vector<Instrument*> instruments) {
        RunOptions run_options = small_run(loadable, options);
        run_options.instruments = std::move(instruments);
        return karhunen::run(loadable, run_options);
    }
    std::string read(const char* name) const {
        std::ifstream file(folder / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

/// Connects, and lets the program go on at every stop until it has exited.
class Obedient {
public:
    explicit Obedient(uint16_t port) : thread_([this, port] { converse(port); }) {}
    ~Obedient() { thread_.join(); }

private:
    void converse(uint16_t port) {
        const FileDescriptor client(socket(AF_INET, SOCK_STREAM, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
        const std::string go_on = packet_of("c");
        PacketReader reader;
        reader.feed(packet_of("T"));
        for (;;) {
            while (const auto message = reader.next()) {
                if (message->text.starts_with('W')) return;
                if (message->text.starts_with('T') &&
                    send(client, go_on.data(), go_on.size(), MSG_NOSIGNAL) < 0)
                    return;
            }
            char buffer[1000];
            const ssize_t count = recv(client, buffer, sizeof buffer, 0);
            if (count <= 0) return;
            reader.feed({buffer, static_cast<size_t>(count)});
        }
    }
    std::thread thread_;
};

void check_same(const RunReport& report, const RunReport& alone) {
    BOOST_TEST(report.exit_code == 0);
    BOOST_TEST(report.fault == "");
    BOOST_TEST(report.first_difference == "");
    BOOST_TEST(report.bands_stored == alone.bands_stored);
    BOOST_TEST(report.uart == alone.uart);
    BOOST_TEST(report.simulated_ms == alone.simulated_ms, boost::test_tools::tolerance(0.0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instruments)

BOOST_FIXTURE_TEST_CASE(nothing_is_left_for_the_next_run, Bench) {
    const RunReport alone = run({});
    BOOST_TEST(alone.exit_code == 0);

    StopAt stop("layer:2", nullptr);
    CrashDump dump(folder / "dump");
    const RunReport stopped = run({&stop, &dump});
    BOOST_TEST(stopped.exit_code == 5);
    BOOST_TEST(stopped.simulated_ms < alone.simulated_ms);
    BOOST_TEST(read("dump").find("--stop-at layer:2 reached at ") != std::string::npos);
    check_same(run({}), alone);

    for (const char* name : {"log", "again"}) {
        RegisterLog log(folder / name);
        check_same(run({&log}), alone);
    }
    BOOST_TEST(read("log").size() > 10000u);
    BOOST_TEST(read("log") == read("again"));

    for (int round = 0; round < 2; ++round) {
        Debugger debugger(0);
        StopAt breaks("time:0.05", &debugger);
        const Obedient gdb(debugger.port());
        check_same(run({&debugger, &breaks}), alone);
    }
    check_same(run({}), alone);
}

BOOST_FIXTURE_TEST_CASE(a_debugger_that_nobody_used_goes_away, Bench) {
    const Debugger debugger(0);
    StopAt refused("layer:99", nullptr);
    BOOST_CHECK_THROW(run({&refused}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
