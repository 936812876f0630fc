// Plays vectors from files to pca_unit: +matrix +means +forward +parameters (pca_... of a case),
// +rows and +symbols (pca_symbols), each =FILE, with as many lines as +rows_count=N and
// +symbol_count=N say, of +channels=N and +components=N; +seed=N pauses both sides at random.
module play_pca #(
    parameter int MULTIPLIERS = 16,
    parameter int CHANNELS = 64
) (
    input logic clk
);
  logic [7:0] matrix[CHANNELS*CHANNELS];
  logic [15:0] means[CHANNELS], rows[1 << 20], symbols[1 << 20];
  logic [31:0] forward[CHANNELS], parameters[8];
  int channels, components, words, value_count, symbol_count, seed, beats;
  string file;

  initial begin
    if ($value$plusargs("matrix=%s", file) == 0) $fatal(1, "+matrix");
    $readmemh(file, matrix);
    if ($value$plusargs("means=%s", file) == 0) $fatal(1, "+means");
    $readmemh(file, means);
    if ($value$plusargs("forward=%s", file) == 0) $fatal(1, "+forward");
    $readmemh(file, forward);
    if ($value$plusargs("parameters=%s", file) == 0) $fatal(1, "+parameters");
    $readmemh(file, parameters);
    if ($value$plusargs("rows=%s", file) == 0) $fatal(1, "+rows");
    $readmemh(file, rows);
    if ($value$plusargs("symbols=%s", file) == 0) $fatal(1, "+symbols");
    $readmemh(file, symbols);
    if ($value$plusargs("row_count=%d", value_count) == 0) $fatal(1, "+row_count");
    if ($value$plusargs("symbol_count=%d", symbol_count) == 0) $fatal(1, "+symbol_count");
    if ($value$plusargs("mean_count=%d", channels) == 0) $fatal(1, "+mean_count");
    if ($value$plusargs("forward_count=%d", components) == 0) $fatal(1, "+forward_count");
    if ($value$plusargs("seed=%d", seed) == 0) $fatal(1, "+seed");
    words = (channels + MULTIPLIERS - 1) / MULTIPLIERS;
    beats = value_count / channels * words;
  end

  int loaded = 0, taken = 0, given = 0, clocks = 0, loads, address, place;
  logic rst_n = 1'b0, load_valid, in_valid = 1'b0, in_ready, out_valid, out_ready = 1'b0, out_last;
  logic [1:0] table_number;
  logic [MULTIPLIERS*12-1:0] load_data, in_values;
  logic signed [11:0] out_symbol;
  logic unused_bits;

  // The matrix, then the means, then the scales; lanes beyond the channels are 0.
  always_comb begin
    loads = (components + 1) * words + components;
    load_valid = rst_n && loaded < loads;
    table_number = loaded < components * words ? 2'd0 : loaded < (components + 1) * words ? 2'd1 : 2'd2;
    address = loaded - (table_number == 2'd0 ? 0 : components * words) -
              (table_number == 2'd2 ? words : 0);
    load_data = '0;
    in_values = '0;
    for (int lane = 0; lane < MULTIPLIERS; lane++) begin
      place = address % words * MULTIPLIERS + lane;
      if (place < channels && table_number == 2'd0)
        load_data[8*lane+:8] = matrix[address/words*channels+place];
      if (place < channels && table_number == 2'd1) load_data[12*lane+:12] = means[place][11:0];
      place = taken % words * MULTIPLIERS + lane;
      if (place < channels) in_values[12*lane+:12] = rows[taken/words*channels+place][11:0];
    end
    if (table_number == 2'd2) load_data[30:0] = forward[address][30:0];
  end

  pca_unit #(
      .MULTIPLIERS(MULTIPLIERS),
      .CHANNELS(CHANNELS)
  ) dut (
      .clk,
      .rst_n,
      .load_valid,
      .load_table(table_number),
      .load_address(address[7:0]),
      .load_data,
      .last_word(2'(words - 1)),
      .last_component(6'(components - 1)),
      .shift(parameters[0][5:0]),
      .low(parameters[4][11:0]),
      .high(parameters[5][11:0]),
      .in_valid,
      .in_ready,
      .in_values,
      .in_last(taken == beats - 1),
      .out_valid,
      .out_ready,
      .out_symbol,
      .out_last
  );

  always_ff @(posedge clk) begin
    clocks <= clocks + 1;
    rst_n  <= clocks >= 2;
    if (load_valid) loaded <= loaded + 1;
    // An offer stands until it is taken.
    if (in_valid && in_ready) taken <= taken + 1;
    if (!in_valid || in_ready)
      in_valid <= rst_n && loaded == loads && taken + 32'(in_valid) < beats &&
                  $urandom_range(3) != 0;
    out_ready <= $urandom_range(3) != 0;
    if (rst_n && out_valid && out_ready) begin
      if (given >= symbol_count || out_symbol != symbols[given][11:0])
        $fatal(1, "symbol %0d is %h, expected %h", given, out_symbol, symbols[given]);
      given <= given + 1;
      if (out_last) begin
        if (given != symbol_count - 1) $fatal(1, "%0d symbols, expected %0d", given + 1, symbol_count);
        $display("equal: %0d values, %0d symbols", value_count, symbol_count);
        $finish;
      end
    end
    if (clocks > 2 * loads + 8 * symbol_count * words + 1000) $fatal(1, "it does not end");
    if (clocks == 0) void'($urandom(seed));
  end
  assign unused_bits = ^{address[31:8], 1'b0};
endmodule
