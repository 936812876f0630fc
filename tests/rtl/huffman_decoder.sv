// Huffman decoder of one substream (models/codec/huffman.h): words into as many symbols as the
// stream has. The code is canonical, so its length is told by comparing the next bits with a limit
// for each length, and its rank among all codes is the code and an offset; a table of symbols by
// rank gives the rest. A symbol a clock: three words of bits are ahead.
//
// What the last word holds behind the last symbol is dropped, and not looked at. The next stream
// begins with the next word.
module huffman_decoder #(
    parameter int SYMBOL_BITS = 11,
    parameter int CODE_BITS = 15,  // longest code
    parameter int WORD_BITS = 16,  // a power of two, at least CODE_BITS
    parameter int COUNT_BITS = 24,
    localparam int LENGTH_BITS = $clog2(CODE_BITS + 1),
    localparam int INDEX_BITS = $clog2(WORD_BITS),
    localparam int ADDRESS_BITS = SYMBOL_BITS > LENGTH_BITS ? SYMBOL_BITS : LENGTH_BITS
) (
    input  logic                    clk,
    input  logic                    rst_n,
    // tables, while no stream is inside: 0 symbol of a rank; 1 limit and base of a length
    input  logic                    load_valid,
    input  logic                    load_table,
    input  logic [ADDRESS_BITS-1:0] load_address,
    input  logic [SYMBOL_BITS-1:0]  load_symbol,
    input  logic [CODE_BITS:0]      load_limit,  // codes above those of a length, filled up
    input  logic [SYMBOL_BITS-1:0]  load_base,  // rank of a code of the length, minus the code
    input  logic [COUNT_BITS-1:0]   last_symbol,  // symbols of a stream - 1
    input  logic                    in_valid,
    output logic                    in_ready,
    input  logic [WORD_BITS-1:0]    in_word,  // first bit: bit 0
    output logic                    out_valid,
    input  logic                    out_ready,
    output logic [SYMBOL_BITS-1:0]  out_symbol,
    output logic                    out_last
);
  if (CODE_BITS > WORD_BITS || WORD_BITS != 1 << INDEX_BITS)
    $error("WORD_BITS must be a power of two and at least CODE_BITS");

  localparam int AHEAD_BITS = 3 * WORD_BITS;
  localparam int FILL_BITS = INDEX_BITS + 2;

  logic [CODE_BITS:0] limits[1:CODE_BITS];
  logic [SYMBOL_BITS-1:0] bases[1:CODE_BITS];
  (* ram_style = "block" *)
  logic [SYMBOL_BITS-1:0] symbols[1 << SYMBOL_BITS];

  logic [AHEAD_BITS-1:0] ahead;  // zero beyond the fill
  logic [FILL_BITS-1:0] fill, left, drop;
  logic [COUNT_BITS-1:0] count;  // symbols of the stream so far

  logic [CODE_BITS-1:0] window;  // the next code and more, its first bit highest
  logic [LENGTH_BITS-1:0] length;
  logic [SYMBOL_BITS-1:0] rank, base;
  logic move, take, step, ends;

  always_comb begin
    for (int i = 0; i < CODE_BITS; i++) window[CODE_BITS-1-i] = ahead[i];
    length = LENGTH_BITS'(CODE_BITS);
    base = bases[CODE_BITS];
    for (int i = CODE_BITS - 1; i >= 1; i--)
      if ({1'b0, window} < limits[i]) begin
        length = LENGTH_BITS'(i);
        base = bases[i];
      end
    rank = SYMBOL_BITS'(window >> (LENGTH_BITS'(CODE_BITS) - length)) + base;
  end

  // Bits that are not there yet read as zero, which can only make the length too small; and a code
  // that is all there is right whatever follows.
  assign step = move && fill >= FILL_BITS'(length);
  assign ends = count == last_symbol;
  assign in_ready = fill <= FILL_BITS'(2 * WORD_BITS);
  assign take = in_valid && in_ready;

  always_comb begin
    drop = step ? FILL_BITS'(length) : '0;
    left = fill - drop;
    if (step && ends) begin  // with the rest of the word
      drop = drop + FILL_BITS'(left[INDEX_BITS-1:0]);
      left[INDEX_BITS-1:0] = '0;
    end
  end

  logic looked_up, looked_up_last;
  logic [SYMBOL_BITS-1:0] looked_up_rank;
  assign move = !out_valid || out_ready;

  always_ff @(posedge clk) begin
    if (load_valid && load_table) begin
      limits[load_address[LENGTH_BITS-1:0]] <= load_limit;
      bases[load_address[LENGTH_BITS-1:0]] <= load_base;
    end
    if (load_valid && !load_table) symbols[load_address[SYMBOL_BITS-1:0]] <= load_symbol;
    if (!rst_n) begin
      ahead <= '0;
      fill <= '0;
      count <= '0;
      looked_up <= 1'b0;
      out_valid <= 1'b0;
    end else begin
      ahead <= (ahead >> drop) | (take ? AHEAD_BITS'(in_word) << left : '0);
      fill <= left + (take ? FILL_BITS'(WORD_BITS) : '0);
      if (step) count <= ends ? '0 : count + 1'b1;
      if (move) begin
        looked_up <= step;
        out_valid <= looked_up;
      end
    end
    if (move) begin
      looked_up_rank <= rank;
      looked_up_last <= ends;
      out_symbol <= symbols[looked_up_rank];
      out_last <= looked_up_last;
    end
  end
endmodule
