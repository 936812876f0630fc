// Gathers words into blocks for bit_plane_encoder: the first word and the differences of the
// others to the word before. The last block is filled up with zero words, one a clock. A stream
// that ends behind a whole block ends with an empty one.
module difference_block #(
    parameter int WORD_BITS = 8,
    parameter int BLOCK_WORDS = 8,
    localparam int BITS = (BLOCK_WORDS - 1) * (WORD_BITS + 1)  // of all differences
) (
    input  logic                 clk,
    input  logic                 rst_n,
    input  logic                 in_valid,
    output logic                 in_ready,
    input  logic [WORD_BITS-1:0] in_word,
    input  logic                 in_keep,  // 0: no word, the end alone
    input  logic                 in_last,
    output logic                 out_valid,
    input  logic                 out_ready,
    output logic [WORD_BITS-1:0] out_base,
    output logic [BITS-1:0]      out_differences,  // the first is the highest
    output logic                 out_empty,
    output logic                 out_last
);
  localparam int COUNT_BITS = $clog2(BLOCK_WORDS);

  logic [WORD_BITS-1:0] previous, word;
  logic [WORD_BITS:0] difference;
  logic [COUNT_BITS-1:0] count;  // words of the block that is gathered
  logic filling, move, take, put, whole;

  assign move = !out_valid || out_ready;
  assign in_ready = move && !filling;
  assign take = in_valid && in_ready;

  always_comb begin
    put = filling ? move : take && in_keep;
    word = filling ? '0 : in_word;
    difference = {word[WORD_BITS-1], word} - {previous[WORD_BITS-1], previous};
    whole = count == COUNT_BITS'(BLOCK_WORDS - 1);
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      count <= '0;
      filling <= 1'b0;
      out_valid <= 1'b0;
    end else begin
      if (put) count <= whole ? '0 : count + 1'b1;
      if (filling) filling <= !(put && whole);
      else filling <= take && in_last && (in_keep ? !whole : count != '0);
      if (move) out_valid <= (put && whole) || (take && in_last && !in_keep && count == '0);
    end
    if (put) begin
      previous <= word;
      out_differences <= {out_differences[BITS-WORD_BITS-2:0], difference};
      if (count == '0) out_base <= word;
    end
    if (move) begin
      out_last  <= filling || in_last;
      out_empty <= !put;
    end
  end
endmodule
