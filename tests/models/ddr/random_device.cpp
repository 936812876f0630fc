#include "tests/models/ddr/random_device.h"

#include "tests/models/ddr/device_text.h"

namespace karhunen::ddr {

Device random_device(std::mt19937& random, uint32_t bank_groups) {
    Device d = Device::find("ddr3-1600-4gb-x16");
    d.name = "random";
    d.bank_groups = bank_groups;
    d.banks = bank_groups * 2 << random() % 3;
    d.rows = 256;
    d.burst_length = 4u << random() % 2;
    d.cl = between(random, 3, 16);
    d.cwl = between(random, 2, d.cl);
    d.t_rcd = between(random, 2, 16);
    d.t_rp = between(random, 2, 16);
    d.t_ras = d.t_rcd + between(random, 0, 30);
    d.t_rc = d.t_ras + d.t_rp + between(random, 0, 5);
    d.t_wr = between(random, 1, 16);
    d.t_rtp = between(random, 1, 10);
    // The longer ones are only in files of devices with bank groups.
    d.t_rrd_s = between(random, 1, 10);
    d.t_rrd_l = d.t_rrd_s + between(random, 0, 5);
    d.t_wtr_s = between(random, 1, 10);
    d.t_wtr_l = d.t_wtr_s + between(random, 0, 8);
    d.t_ccd_s = d.burst_clocks() + between(random, 0, 2);
    d.t_ccd_l = d.t_ccd_s + between(random, 0, 4);
    d.t_faw = 4 * d.t_rrd_s + between(random, 0, 20);
    d.t_rfc = d.t_rp + between(random, 10, 300);
    d.t_refi = d.t_rfc + d.t_rc + between(random, 300, 6000);
    return Device::parse(text_of(d), "random");
}

std::vector<Constraint> rules_of(uint32_t bank_groups) {
    std::mt19937 random(1);
    return constraints_of(random_device(random, bank_groups));
}

std::ostream& operator<<(std::ostream& out, const Constraint& c) {
    const char* const scopes[] = {"bank", "group", "rank"};
    return out << name_of(c.preceding) << " -> " << name_of(c.following) << ", scope "
               << scopes[static_cast<unsigned>(c.scope)] << ", count " << c.count;
}

}  // namespace karhunen::ddr
