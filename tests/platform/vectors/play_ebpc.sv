// Plays vectors from files to ebpc_encoder: +words=FILE +znz=FILE +bpc=FILE with as many lines as
// +word_count=N +znz_count=N +bpc_count=N say; +seed=N pauses all sides at random.
module play_ebpc (
    input logic clk
);
  logic [7:0] words[1 << 20], znz[1 << 20], bpc[1 << 20];
  int word_count, znz_count, bpc_count, seed;
  string file;

  initial begin
    if ($value$plusargs("words=%s", file) == 0) $fatal(1, "+words");
    $readmemh(file, words);
    if ($value$plusargs("znz=%s", file) == 0) $fatal(1, "+znz");
    $readmemh(file, znz);
    if ($value$plusargs("bpc=%s", file) == 0) $fatal(1, "+bpc");
    $readmemh(file, bpc);
    if ($value$plusargs("word_count=%d", word_count) == 0) $fatal(1, "+word_count");
    if ($value$plusargs("znz_count=%d", znz_count) == 0) $fatal(1, "+znz_count");
    if ($value$plusargs("bpc_count=%d", bpc_count) == 0) $fatal(1, "+bpc_count");
    if ($value$plusargs("seed=%d", seed) == 0) $fatal(1, "+seed");
  end

  int taken = 0, znz_given = 0, bpc_given = 0, clocks = 0;
  logic rst_n = 1'b0, in_valid = 1'b0, in_ready;
  logic znz_valid, znz_ready = 1'b0, znz_last, znz_done = 1'b0;
  logic bpc_valid, bpc_ready = 1'b0, bpc_keep, bpc_last, bpc_done = 1'b0;
  logic [7:0] znz_word, bpc_word;

  ebpc_encoder dut (
      .clk,
      .rst_n,
      .in_valid,
      .in_ready,
      .in_word(words[taken]),
      .in_last(taken == word_count - 1),
      .znz_valid,
      .znz_ready,
      .znz_word,
      .znz_last,
      .bpc_valid,
      .bpc_ready,
      .bpc_word,
      .bpc_keep,
      .bpc_last
  );

  always_ff @(posedge clk) begin
    clocks <= clocks + 1;
    rst_n <= clocks >= 2;
    // An offer stands until it is taken.
    if (in_valid && in_ready) taken <= taken + 1;
    if (!in_valid || in_ready)
      in_valid <= rst_n && taken + 32'(in_valid) < word_count && $urandom_range(3) != 0;
    znz_ready <= $urandom_range(3) != 0;
    bpc_ready <= $urandom_range(3) != 0;
    if (rst_n && znz_valid && znz_ready) begin
      if (znz_given >= znz_count || znz_word != znz[znz_given])
        $fatal(1, "znz %0d is %h, expected %h", znz_given, znz_word, znz[znz_given]);
      znz_given <= znz_given + 1;
      znz_done  <= znz_last;
    end
    if (rst_n && bpc_valid && bpc_ready) begin
      if (bpc_keep && (bpc_given >= bpc_count || bpc_word != bpc[bpc_given]))
        $fatal(1, "bpc %0d is %h, expected %h", bpc_given, bpc_word, bpc[bpc_given]);
      bpc_given <= bpc_given + 32'(bpc_keep);
      bpc_done  <= bpc_last;
    end
    if (znz_done && bpc_done) begin
      if (znz_given != znz_count || bpc_given != bpc_count)
        $fatal(1, "%0d and %0d bytes, expected %0d and %0d", znz_given, bpc_given, znz_count,
               bpc_count);
      $display("equal: %0d words, %0d bytes", word_count, znz_count + bpc_count);
      $finish;
    end
    if (clocks > 16 * word_count + 1000) $fatal(1, "it does not end");
    if (clocks == 0) void'($urandom(seed));
  end
endmodule
