// Huffman encoder of one substream (models/codec/huffman.h): a table of code and length, written
// at load, and a packer. A symbol a clock. Codes are stored reversed, their first bit in bit 0, and
// zero beyond their length. WORD_BITS = 16 gives the words of the stream format; wider words hold
// the same bits, filled up further at the end.
module huffman_encoder #(
    parameter int SYMBOL_BITS = 11,
    parameter int CODE_BITS = 15,  // longest code
    parameter int WORD_BITS = 16,
    localparam int LENGTH_BITS = $clog2(CODE_BITS + 1)
) (
    input  logic                   clk,
    input  logic                   rst_n,
    // the table; while no symbol is inside
    input  logic                   load_valid,
    input  logic [SYMBOL_BITS-1:0] load_symbol,
    input  logic [CODE_BITS-1:0]   load_code,
    input  logic [LENGTH_BITS-1:0] load_length,
    input  logic                   in_valid,
    output logic                   in_ready,
    input  logic [SYMBOL_BITS-1:0] in_symbol,
    input  logic                   in_last,  // of the stream
    output logic                   out_valid,
    input  logic                   out_ready,
    output logic [WORD_BITS-1:0]   out_word,
    output logic                   out_last
);
  (* ram_style = "block" *)
  logic [CODE_BITS+LENGTH_BITS-1:0] codes[1 << SYMBOL_BITS];
  logic [CODE_BITS+LENGTH_BITS-1:0] entry;
  logic looked_up, last, packer_ready, unused_keep;

  assign in_ready = !looked_up || packer_ready;

  always_ff @(posedge clk) begin
    if (load_valid) codes[load_symbol] <= {load_length, load_code};
    if (in_ready) begin
      entry <= codes[in_symbol];
      last  <= in_last;
    end
    if (!rst_n) looked_up <= 1'b0;
    else if (in_ready) looked_up <= in_valid;
  end

  bit_packer #(
      .CODE_BITS(CODE_BITS),
      .WORD_BITS(WORD_BITS)
  ) packer (
      .clk,
      .rst_n,
      .in_valid(looked_up),
      .in_ready(packer_ready),
      .in_code(entry[CODE_BITS-1:0]),
      .in_length(entry[CODE_BITS+LENGTH_BITS-1:CODE_BITS]),
      .in_last(last),
      .out_valid,
      .out_ready,
      .out_word,
      .out_keep(unused_keep),  // there is no stream without a symbol
      .out_last
  );
endmodule
