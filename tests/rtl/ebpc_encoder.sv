// Extended bit-plane compression of one sequence of words into two streams (models/codec/ebpc.h),
// each packed from the most significant bit of a word on. STREAM_BITS = 8 gives the bytes of the
// format; wider words hold the same bits, filled up further at the end.
//
// A word a clock, but where the bit planes of its block take longer: a block takes
// WORD_BITS + 2 clocks, and one for each run of zero planes that another plane follows.
module ebpc_encoder #(
    parameter int WORD_BITS = 8,
    parameter int BLOCK_WORDS = 8,  // at least 4
    parameter int RUN_BITS = 4,
    parameter int STREAM_BITS = 8  // at least a word, a plane and 1, a place and 5
) (
    input  logic                   clk,
    input  logic                   rst_n,
    input  logic                   in_valid,
    output logic                   in_ready,
    input  logic [WORD_BITS-1:0]   in_word,
    input  logic                   in_last,
    output logic                   znz_valid,
    input  logic                   znz_ready,
    output logic [STREAM_BITS-1:0] znz_word,
    output logic                   znz_last,
    output logic                   bpc_valid,
    input  logic                   bpc_ready,
    output logic [STREAM_BITS-1:0] bpc_word,
    output logic                   bpc_keep,  // 0: no word, the end alone
    output logic                   bpc_last
);
  logic nonzero, znz_in_ready, bpc_in_ready, bpc_in_needed;
  logic [STREAM_BITS-1:0] znz_reversed, bpc_reversed;

  assign nonzero = in_word != '0;
  assign bpc_in_needed = nonzero || in_last;
  assign in_ready = znz_in_ready && (bpc_in_ready || !bpc_in_needed);

  for (genvar i = 0; i < STREAM_BITS; i++) begin : g_most_significant_first
    assign znz_word[i] = znz_reversed[STREAM_BITS-1-i];
    assign bpc_word[i] = bpc_reversed[STREAM_BITS-1-i];
  end

  zero_run_encoder #(
      .RUN_BITS(RUN_BITS),
      .STREAM_BITS(STREAM_BITS)
  ) znz (
      .clk,
      .rst_n,
      .in_valid(in_valid && (bpc_in_ready || !bpc_in_needed)),
      .in_ready(znz_in_ready),
      .in_nonzero(nonzero),
      .in_last,
      .out_valid(znz_valid),
      .out_ready(znz_ready),
      .out_word(znz_reversed),
      .out_last(znz_last)
  );

  bit_plane_encoder #(
      .WORD_BITS(WORD_BITS),
      .BLOCK_WORDS(BLOCK_WORDS),
      .STREAM_BITS(STREAM_BITS)
  ) bpc (
      .clk,
      .rst_n,
      .in_valid(in_valid && bpc_in_needed && znz_in_ready),
      .in_ready(bpc_in_ready),
      .in_word,
      .in_keep(nonzero),
      .in_last,
      .out_valid(bpc_valid),
      .out_ready(bpc_ready),
      .out_word(bpc_reversed),
      .out_keep(bpc_keep),
      .out_last(bpc_last)
  );
endmodule
