// Plays vectors from files to huffman_encoder: +codes=FILE +symbols=FILE +words=FILE with as many
// lines as +code_count=N +symbol_count=N +word_count=N say; +seed=N pauses both sides at random.
module play_huffman (
    input logic clk
);
  logic [31:0] codes[2048];
  logic [15:0] symbols[1 << 20], words[1 << 20];
  int code_count, symbol_count, word_count, seed;
  string file;

  initial begin
    if ($value$plusargs("codes=%s", file) == 0) $fatal(1, "+codes");
    $readmemh(file, codes);
    if ($value$plusargs("symbols=%s", file) == 0) $fatal(1, "+symbols");
    $readmemh(file, symbols);
    if ($value$plusargs("words=%s", file) == 0) $fatal(1, "+words");
    $readmemh(file, words);
    if ($value$plusargs("code_count=%d", code_count) == 0) $fatal(1, "+code_count");
    if ($value$plusargs("symbol_count=%d", symbol_count) == 0) $fatal(1, "+symbol_count");
    if ($value$plusargs("word_count=%d", word_count) == 0) $fatal(1, "+word_count");
    if ($value$plusargs("seed=%d", seed) == 0) $fatal(1, "+seed");
  end

  int loaded = 0, taken = 0, given = 0, clocks = 0;
  logic rst_n = 1'b0, load_valid, in_valid = 1'b0, in_ready, out_valid, out_ready = 1'b0, out_last;
  logic [15:0] out_word;
  logic [31:0] code;
  logic unused_bits;

  assign load_valid = rst_n && loaded < code_count;
  assign code = codes[loaded];
  assign unused_bits = |code[31:30];

  huffman_encoder dut (
      .clk,
      .rst_n,
      .load_valid,
      .load_symbol(code[29:19]),
      .load_code(code[14:0]),
      .load_length(code[18:15]),
      .in_valid,
      .in_ready,
      .in_symbol(symbols[taken][10:0]),
      .in_last(taken == symbol_count - 1),
      .out_valid,
      .out_ready,
      .out_word,
      .out_last
  );

  always_ff @(posedge clk) begin
    clocks <= clocks + 1;
    rst_n <= clocks >= 2;
    if (load_valid) loaded <= loaded + 1;
    // An offer stands until it is taken.
    if (in_valid && in_ready) taken <= taken + 1;
    if (!in_valid || in_ready)
      in_valid <= rst_n && loaded == code_count &&
                  taken + 32'(in_valid) < symbol_count && $urandom_range(3) != 0;
    out_ready <= $urandom_range(3) != 0;
    if (rst_n && out_valid && out_ready) begin
      if (given >= word_count || out_word != words[given])
        $fatal(1, "word %0d is %h, expected %h", given, out_word, words[given]);
      given <= given + 1;
      if (out_last) begin
        if (given != word_count - 1) $fatal(1, "%0d words, expected %0d", given + 1, word_count);
        $display("equal: %0d symbols, %0d words", symbol_count, word_count);
        $finish;
      end
    end
    if (clocks > 8 * (code_count + symbol_count) + 1000) $fatal(1, "it does not end");
    if (clocks == 0) void'($urandom(seed));
  end
endmodule
