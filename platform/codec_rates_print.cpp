#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/codec_rates.h"
#include "platform/table.h"

namespace karhunen {

namespace {

std::vector<RateRow> with_averages(std::vector<RateRow> rows) {
    const std::vector<RateRow> averages = average_rates(rows);
    if (rows.size() > averages.size())  // more than one tensor
        rows.insert(rows.end(), averages.begin(), averages.end());
    return rows;
}

}  // namespace

void print_rates(const std::vector<RateRow>& rows, std::ostream& out) {
    out << "Bits per value. entropy: of symbols under the codec's static table; oracle: under "
           "their\n"
           "own statistics; code: bits of code; words: streams with padding, and tile table; "
           "bursts:\n"
           "of "
        << rate_burst_bytes
        << " bytes in DRAM. table: bytes of parameters, not in the rates. error: root of the\n"
           "mean square, in 8-bit steps.\n\n";
    Table table({"tensor", "codec", "values", "entropy", "oracle", "code", "words", "bursts",
                 "table", "error", "parameters from"});
    for (const RateRow& row : with_averages(rows))
        table.add({row.tensor, row.codec, std::to_string(row.values), fixed(row.entropy, 3),
                   row.oracle < 0 ? "-" : fixed(row.oracle, 3), fixed(row.code_bits, 3),
                   fixed(row.stream_words, 3), fixed(row.dram_bursts, 3),
                   std::to_string(row.table_bytes), fixed(row.rms_error, 3), row.parameters});
    table.print(out);
}

void print_rates_csv(const std::vector<RateRow>& rows, std::ostream& out) {
    out << "tensor,codec,values,entropy,oracle_entropy,code_bits,stream_words,dram_bursts,"
           "table_bytes,rms_error,parameters\n";
    for (const RateRow& row : with_averages(rows))
        out << csv_field(row.tensor) << ',' << row.codec << ',' << row.values << ','
            << fixed(row.entropy, 6) << ',' << (row.oracle < 0 ? "" : fixed(row.oracle, 6)) << ','
            << fixed(row.code_bits, 6) << ',' << fixed(row.stream_words, 6) << ','
            << fixed(row.dram_bursts, 6) << ',' << row.table_bytes << ',' << fixed(row.rms_error, 6)
            << ',' << row.parameters << '\n';
}

void print_rates_json(const std::vector<RateRow>& rows, std::ostream& out) {
    using Json = nlohmann::ordered_json;
    const auto list = [](const std::vector<RateRow>& some) {
        Json json = Json::array();
        for (const RateRow& row : some)
            json.push_back({{"tensor", row.tensor},
                            {"codec", row.codec},
                            {"values", row.values},
                            {"entropy", row.entropy},
                            {"oracle_entropy", row.oracle < 0 ? Json() : Json(row.oracle)},
                            {"code_bits", row.code_bits},
                            {"stream_words", row.stream_words},
                            {"dram_bursts", row.dram_bursts},
                            {"table_bytes", row.table_bytes},
                            {"rms_error", row.rms_error},
                            {"parameters", row.parameters}});
        return json;
    };
    const Json json{{"unit", "bits per value"},
                    {"burst_bytes", rate_burst_bytes},
                    {"rates", list(rows)},
                    {"averages", list(average_rates(rows))}};
    out << json.dump(2) << '\n';
}

}  // namespace karhunen
