// Codes of different lengths into words, a code a clock. The first bit of a code and of a word is
// bit 0. Codes are OR-ed behind the bits that wait (always fewer than a word); a full word leaves
// through a register. The end of a stream is a beat with out_last; with out_keep = 0 it holds no
// word, which happens only when a stream ends without a code (in_length = 0).
module bit_packer #(
    parameter int CODE_BITS = 15,
    parameter int WORD_BITS = 16,  // a power of two, at least CODE_BITS
    localparam int LENGTH_BITS = $clog2(CODE_BITS + 1),
    localparam int INDEX_BITS = $clog2(WORD_BITS)
) (
    input  logic                   clk,
    input  logic                   rst_n,
    input  logic                   in_valid,
    output logic                   in_ready,
    input  logic [CODE_BITS-1:0]   in_code,  // zero beyond its length
    input  logic [LENGTH_BITS-1:0] in_length,
    input  logic                   in_last,
    output logic                   out_valid,
    input  logic                   out_ready,
    output logic [WORD_BITS-1:0]   out_word,
    output logic                   out_keep,
    output logic                   out_last
);
  if (CODE_BITS > WORD_BITS || WORD_BITS != 1 << INDEX_BITS)
    $error("WORD_BITS must be a power of two and at least CODE_BITS");

  logic [WORD_BITS-2:0] rest;  // bits that wait
  logic [INDEX_BITS-1:0] waiting;  // how many
  logic flushing;  // the last code filled a word and left a rest

  logic [WORD_BITS+CODE_BITS-2:0] window;
  logic [INDEX_BITS:0] total;
  logic full, room, take;

  always_comb begin
    window = {{CODE_BITS{1'b0}}, rest} | ({{WORD_BITS - 1{1'b0}}, in_code} << waiting);
    total = {1'b0, waiting} + {{INDEX_BITS + 1 - LENGTH_BITS{1'b0}}, in_length};
    full = total[INDEX_BITS];
  end

  assign room = !out_valid || out_ready;
  assign in_ready = room && !flushing;
  assign take = in_valid && in_ready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      rest <= '0;
      waiting <= '0;
      flushing <= 1'b0;
      out_valid <= 1'b0;
    end else begin
      if (room) out_valid <= flushing || (take && (full || in_last));
      if (flushing) flushing <= !room;
      else flushing <= take && in_last && full && total[INDEX_BITS-1:0] != '0;
      if (take) begin
        waiting <= in_last && !full ? '0 : total[INDEX_BITS-1:0];
        if (full) rest <= {{WORD_BITS - CODE_BITS{1'b0}}, window[WORD_BITS+CODE_BITS-2:WORD_BITS]};
        else rest <= in_last ? '0 : window[WORD_BITS-2:0];
      end else if (flushing && room) begin
        waiting <= '0;
        rest <= '0;
      end
    end
    if (room) begin
      out_word <= flushing ? {1'b0, rest} : window[WORD_BITS-1:0];
      out_keep <= flushing || total != '0;
      out_last <= flushing || (in_last && (!full || total[INDEX_BITS-1:0] == '0));
    end
  end
endmodule
