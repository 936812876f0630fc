// ebpc_encoder.sv word by word against the golden library: random sequences with few or many
// zeros, random valid, and random ready of each stream.
module golden_ebpc_bench
  import karhunen_golden_pkg::*;
  import golden_bench_pkg::*;
#(
    parameter int SEQUENCES = 60
) (
    input  logic        clk,
    input  logic        rst_n,
    input  int unsigned seed,
    output logic        done,
    output int unsigned words,  // compared so far
    output logic        failed
);
  int unsigned random;
  int sequence_number;
  int sequence_words[$];
  logic znz_ended, bpc_ended, running;
  chandle ctx, codec, golden;

  logic in_valid, in_ready, in_last;
  logic znz_valid, znz_ready, znz_last, bpc_valid, bpc_ready, bpc_keep, bpc_last;
  logic [7:0] in_word, znz_word, bpc_word;

  ebpc_encoder dut (.*);

  function automatic int unsigned below(int unsigned limit);
    return random_below(random, limit);
  endfunction

  function automatic void make_sequence();
    int length = 1 + int'(below(80));
    int unsigned zeros = below(101), step = 1 + below(200), word = below(256);
    sequence_words.delete();
    karhunen_need(ctx, karhunen_encoder_create_serial(ctx, codec, golden));
    for (int i = 0; i < length; i++) begin
      int w;
      word = (word + below(step)) % 256;
      w = below(100) < zeros ? 0 : int'(word);
      sequence_words.push_back(w);
      karhunen_need(ctx, karhunen_encoder_put_value(ctx, golden, w));
    end
    karhunen_need(ctx, karhunen_encoder_finish(ctx, golden));
    {znz_ended, bpc_ended} = '0;
  endfunction

  // keep 0: the end of a stream without a word, in a beat of its own after the last word.
  function automatic void compare(int unsigned stream, logic [7:0] word, logic keep, logic last);
    int unsigned expected, expected_last;
    int status = karhunen_encoder_word(ctx, golden, stream, expected, expected_last);
    words = words + 32'(keep);
    if (!keep && last && status == KARHUNEN_END) return;
    if (keep && status == KARHUNEN_OK && expected == 32'(word) && 32'(last) <= expected_last)
      return;
    $display("MISMATCH ebpc_encoder: sequence %0d, stream %0d: %h last %0d", sequence_number,
             stream, word, last);
    $display("  expected %h last %0d, %0s", expected[7:0], expected_last,
             karhunen_status_name(status));
    failed = 1;
  endfunction

  initial begin
    ctx = karhunen_context_create();
    karhunen_need(ctx, karhunen_codec_create(ctx, "ebpc", KARHUNEN_U8, null, 0, codec));
    {done, failed, running} = '0;
    words = 0;
    sequence_number = 0;
  end

  always @(posedge clk) begin
    znz_ready <= 0;
    bpc_ready <= 0;
    if (!rst_n) begin
      random   = seed;
      in_valid <= 0;
    end else if (!running && !done) begin
      make_sequence();
      running = 1;
    end else if (!done) begin
      znz_ready <= below(3) > 0;
      bpc_ready <= below(3) > 0;
      if (in_valid && in_ready) void'(sequence_words.pop_front());
      if (!in_valid || in_ready) begin
        in_valid <= sequence_words.size() > 0 && below(4) > 0;
        in_word  <= sequence_words.size() > 0 ? 8'(sequence_words[0]) : 0;
        in_last  <= sequence_words.size() == 1;
      end
      if (znz_valid && znz_ready) begin
        compare(0, znz_word, 1, znz_last);
        znz_ended = znz_last;
      end
      if (bpc_valid && bpc_ready) begin
        compare(1, bpc_word, bpc_keep, bpc_last);
        bpc_ended = bpc_last;
      end
      if (failed || (znz_ended && bpc_ended)) begin
        karhunen_encoder_destroy(golden);
        running = 0;
        sequence_number = sequence_number + 1;
        done = failed || sequence_number == SEQUENCES;
      end
    end
  end

  final begin
    karhunen_codec_destroy(codec);
    karhunen_context_destroy(ctx);
  end
endmodule
