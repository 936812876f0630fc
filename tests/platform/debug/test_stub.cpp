#include "platform/debug/stub.h"

#include <boost/test/unit_test.hpp>

#include "tests/platform/debug/mock_target.h"

using namespace karhunen::debug;

namespace {

/// A connection without acknowledgements; packets go in and come out as their contents.
struct Connection {
    MockTarget target;
    Stub stub{target};
    std::optional<Resume> resume;

    Connection() { BOOST_TEST(exchange("$QStartNoAckMode#b0") == "+$OK#9a"); }
    std::string exchange(std::string_view bytes) {
        stub.receive(bytes);
        resume = stub.serve();
        return stub.take_output();
    }
    std::vector<std::string> packets() {
        PacketReader reader;
        reader.feed(stub.take_output());
        std::vector<std::string> texts;
        while (auto message = reader.next()) texts.push_back(message->text);
        return texts;
    }
    std::string ask(std::string_view text) {
        stub.receive(packet_of(text));
        resume = stub.serve();
        const auto texts = packets();
        return texts.size() == 1 ? texts[0] : std::to_string(texts.size()) + " packets";
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(gdb_stub)

BOOST_AUTO_TEST_CASE(damaged_packets_are_asked_for_again) {
    MockTarget target;
    Stub stub(target);
    const auto exchange = [&](std::string_view bytes) {
        stub.receive(bytes);
        stub.serve();
        return stub.take_output();
    };
    BOOST_TEST(exchange("$qC#00") == "-");
    BOOST_TEST(exchange("$qC#b4") == "+$QC1#c5");
    BOOST_TEST(exchange("-") == "$QC1#c5");
    stub.connect();
    BOOST_TEST(exchange("-") == "");
}

BOOST_FIXTURE_TEST_CASE(registers_are_read_and_written, Connection) {
    target.registers[1] = 0x11223344;
    target.registers[32] = 0x20000000;
    const std::string all = ask("g");
    BOOST_TEST(all.size() == 33u * 8);
    BOOST_TEST(all.substr(0, 16) == "0000000044332211");
    BOOST_TEST(all.substr(32 * 8) == "00000020");
    BOOST_TEST(ask("p1") == "44332211");
    BOOST_TEST(ask("p341") == "00180000");
    BOOST_TEST(ask("p21") == "E03");
    BOOST_TEST(ask("P2=78563412") == "OK");
    BOOST_TEST(target.registers[2] == 0x12345678u);
    BOOST_TEST(ask("P341=00000000") ==
               "E.it cannot be written; these can: x1 to x31, pc, mstatus, mie, mtvec, mscratch, "
               "mepc, mcause, mtval");
    BOOST_TEST(ask("G" + all) == "OK");
    BOOST_TEST(target.registers[1] == 0x11223344u);
    BOOST_TEST(target.registers[2] == 0u);
    for (const char* bad : {"P", "P2", "P2=", "P2=1", "P2=123456789a", "Px=00000000", "G", "G00"})
        BOOST_TEST(ask(bad) == "E01");
    BOOST_TEST(ask("p") == "E03");
}

BOOST_FIXTURE_TEST_CASE(memory_is_read_and_written, Connection) {
    BOOST_TEST(ask("m1000,4") == "2e2e2e2e");
    BOOST_TEST(ask("m103e,8") == "2e2e");  // as much as there is
    BOOST_TEST(ask("m1040,1") == "E02");
    BOOST_TEST(ask("m0,1") == "E02");
    BOOST_TEST(ask("M1002,3:616263") == "OK");
    BOOST_TEST(ask("X1006,4:$#}*") == "OK");
    BOOST_TEST(ask("X1000,0:") == "OK");
    BOOST_TEST(target.memory.substr(0, 12) == "..abc.$#}*..");
    BOOST_TEST(ask("M103f,2:6162") == "E02");
    BOOST_TEST(target.memory.back() == '.');
    for (const char* bad : {"m", "m1000", "m,", "m1000,x", "M1000,2:61", "M1000,1:6", "M1000,1",
                            "X1000,1:", "X1000,1:ab", "X"})
        BOOST_TEST(ask(bad) == "E01");
    target.memory.assign(0x8000, 'y');
    BOOST_TEST(ask("m1000,ffffffff").size() == 2u * 0x2000);
}

BOOST_FIXTURE_TEST_CASE(points_come_and_go, Connection) {
    BOOST_TEST(ask("Z0,20000000,2") == "OK");
    BOOST_TEST(ask("Z2,10010040,4") == "OK");
    BOOST_TEST(ask("Z4,1000,1") == "OK");
    BOOST_TEST(ask("z0,20000000,2") == "OK");
    BOOST_TEST(target.points == (std::vector<std::string>{"2 10010040 4", "4 1000 1"}),
               boost::test_tools::per_element());
    for (const char* bad : {"Z", "Z0", "Z0,1", "Z5,1,1", "Z0,x,1", "z0,1,1;X0"})
        BOOST_TEST(ask(bad) == "E01");
    BOOST_TEST(ask("D") == "OK");
    BOOST_TEST((resume == Resume::detach));
    BOOST_TEST(target.points.empty());
}

BOOST_FIXTURE_TEST_CASE(the_machine_goes_on_and_tells_why_it_stops, Connection) {
    const auto resumes = [&](std::string_view packet) {
        BOOST_TEST(ask(packet) == "0 packets");
        return resume.value();
    };
    stub.stopped({StopReport::trapped, ""});
    BOOST_TEST(packets().empty());  // nobody waits for it
    BOOST_TEST(ask("?") == "T05thread:1;");
    BOOST_TEST((resumes("c") == Resume::go_on));
    stub.stopped({StopReport::interrupted, ""});
    BOOST_TEST(packets().at(0) == "T02thread:1;");
    BOOST_TEST((resumes("vCont;s:1;c") == Resume::step));
    stub.stopped({StopReport::trapped, "watch:10010040;"});
    BOOST_TEST(packets().at(0) == "T05watch:10010040;thread:1;");
    BOOST_TEST((resumes("s1020") == Resume::step));
    BOOST_TEST(target.registers[32] == 0x1020u);
    BOOST_TEST((resumes("C05") == Resume::go_on));
    BOOST_TEST((resumes("S05;1024") == Resume::step));
    BOOST_TEST(target.registers[32] == 0x1024u);
    BOOST_TEST((resumes("vCont;c") == Resume::go_on));
    stub.exited(3);
    BOOST_TEST(packets().at(0) == "W03");
    BOOST_TEST((resumes("k") == Resume::kill));
    for (const char* bad : {"cx", "sx", "vCont;", "vCont;r", "C05;x"}) {
        BOOST_TEST(ask(bad) == "E01");
        BOOST_TEST(!resume.has_value());
    }
}

BOOST_FIXTURE_TEST_CASE(what_comes_while_it_runs_stops_it_and_is_answered_then, Connection) {
    BOOST_TEST(!stub.wants_stop());
    ask("c");
    stub.receive("\x03");
    BOOST_TEST(stub.wants_stop());
    BOOST_TEST(!stub.wants_stop());
    stub.receive(packet_of("qC"));
    BOOST_TEST(stub.wants_stop());
    stub.stopped({StopReport::interrupted, ""});
    BOOST_TEST(!stub.serve());
    BOOST_TEST(packets() == (std::vector<std::string>{"T02thread:1;", "QC1"}),
               boost::test_tools::per_element());
    BOOST_TEST(exchange("\x03") == "");
}

BOOST_FIXTURE_TEST_CASE(text_is_printed_in_pieces, Connection) {
    stub.say("nobody listens");
    BOOST_TEST(packets().empty());
    stub.receive(packet_of("qRcmd," + to_hex("blocks")));
    BOOST_TEST(!stub.serve());
    BOOST_TEST(target.last_command == "blocks");
    const auto texts = packets();
    BOOST_REQUIRE_EQUAL(texts.size(), 3u);
    BOOST_TEST(from_hex(texts[0].substr(1)).value() + from_hex(texts[1].substr(1)).value() ==
               std::string(1500, 'x') + "\n");
    BOOST_TEST(texts[0][0] == 'O');
    BOOST_TEST(texts[2] == "OK");
    BOOST_TEST(ask("qRcmd,6") == "E01");
    ask("c");
    stub.say("hi");
    BOOST_TEST(packets().at(0) == "O6869");
}

BOOST_FIXTURE_TEST_CASE(the_description_comes_in_parts, Connection) {
    const std::string whole = ask("qXfer:features:read:target.xml:0,2000");
    BOOST_TEST(whole == "l" + target_description());
    std::string text;
    for (char more = 'm'; more == 'm';) {
        char request[60];
        std::snprintf(request, sizeof request, "qXfer:features:read:target.xml:%zx,101",
                      text.size());
        const std::string part = ask(request);
        more = part.at(0);
        text += part.substr(1);
    }
    BOOST_TEST(text == target_description());
    BOOST_TEST(text.find("<reg name=\"mstatus\" bitsize=\"32\" regnum=\"833\"") != text.npos);
    BOOST_TEST(ask("qXfer:features:read:target.xml:ffffffff,10") == "l");
    BOOST_TEST(ask("qXfer:features:read:other.xml:0,10") == "E00");
    BOOST_TEST(ask("qXfer:features:read:target.xml:0") == "E00");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_known_is_answered_with_nothing, Connection) {
    for (const char* unknown : {"", "vMustReplyEmpty", "qTStatus", "qCRC:0,1", "!", "R00", "y"})
        BOOST_TEST(ask(unknown) == "");
    BOOST_TEST(ask("qSupported:xmlRegisters=i386").starts_with("PacketSize=4f00;"));
}

BOOST_AUTO_TEST_SUITE_END()
