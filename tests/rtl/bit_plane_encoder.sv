// The BPC stream of EBPC (models/codec/ebpc.h): blocks of words as bit planes of their
// differences, least significant plane first. A clock for the first word of a block, one a plane,
// and one for each run of zero planes that another plane follows.
module bit_plane_encoder #(
    parameter int WORD_BITS = 8,
    parameter int BLOCK_WORDS = 8,
    parameter int STREAM_BITS = 8
) (
    input  logic                   clk,
    input  logic                   rst_n,
    input  logic                   in_valid,
    output logic                   in_ready,
    input  logic [WORD_BITS-1:0]   in_word,
    input  logic                   in_keep,  // 0: no word, the end alone
    input  logic                   in_last,
    output logic                   out_valid,
    input  logic                   out_ready,
    output logic [STREAM_BITS-1:0] out_word,  // first bit: bit 0
    output logic                   out_keep,
    output logic                   out_last
);
  localparam int PLANE = BLOCK_WORDS - 1;  // bits of a plane
  localparam int DIFFERENCE = WORD_BITS + 1;  // bits of one
  localparam int PLACE_BITS = $clog2(PLANE);
  localparam int RUN_BITS = $clog2(WORD_BITS);  // of r - 2, r = 2 .. WORD_BITS + 1
  localparam int STEP_BITS = $clog2(WORD_BITS + 2);
  localparam int PLANE_CODE = 5 + PLACE_BITS > BLOCK_WORDS ? 5 + PLACE_BITS : BLOCK_WORDS;
  localparam int CODE_BITS = WORD_BITS > PLANE_CODE ? WORD_BITS : PLANE_CODE;
  localparam int LENGTH_BITS = $clog2(CODE_BITS + 1);

  logic block_valid, block_empty, block_last, fetch;
  logic [WORD_BITS-1:0] block_base;
  logic [PLANE*DIFFERENCE-1:0] block_differences;

  // The block that is coded. Differences move to the right by a bit a plane; what comes in from the
  // next one is not reached.
  logic busy, empty, last;
  logic [WORD_BITS-1:0] base;
  logic [PLANE*DIFFERENCE-1:0] differences;
  logic [PLANE-1:0] above;  // the plane coded before
  logic [STEP_BITS-1:0] step;  // 0: the first word; then plane step - 1
  logic [STEP_BITS-1:0] zeros, run;  // zero planes that are not yet written; with this one

  logic [PLANE-1:0] dbp, dbx, first, adjacent;
  logic [PLACE_BITS-1:0] place;
  logic is_base, is_zero, is_last, emit, steps, ends, packer_ready, go;
  logic [CODE_BITS-1:0] code, reversed;  // the first bit of a code is the highest
  logic [LENGTH_BITS-1:0] length;

  always_comb begin
    for (int i = 0; i < PLANE; i++) dbp[i] = differences[i*DIFFERENCE];
    dbx = dbp ^ above;
    // Leftmost one.
    first = '0;
    place = '0;
    for (int i = 0; i < PLANE; i++)
      if (dbx[i]) begin
        first = PLANE'(1) << i;
        place = PLACE_BITS'(PLANE - 1 - i);
      end
    adjacent = first | (first >> 1);

    is_base = step == '0;
    is_zero = !is_base && dbx == '0;
    is_last = empty || step == STEP_BITS'(WORD_BITS + 1);
    run = zeros + STEP_BITS'(is_zero);
    // A run is written when another plane comes, which has to wait, or with the last plane.
    emit = !is_zero || is_last;
    steps = is_zero || zeros == '0;
    ends = steps && is_last;
  end

  assign go = busy && (packer_ready || !emit);
  assign fetch = !busy || (go && ends);

  always_comb begin
    code = '0;
    if (empty) begin
      length = '0;
    end else if (is_base) begin
      code[CODE_BITS-1-:WORD_BITS] = base;
      length = LENGTH_BITS'(WORD_BITS);
    end else if (run == STEP_BITS'(1)) begin
      code[CODE_BITS-1-:2] = 2'b01;
      length = LENGTH_BITS'(2);
    end else if (run != '0) begin
      code[CODE_BITS-1-:3+RUN_BITS] = {3'b001, RUN_BITS'(run - STEP_BITS'(2))};
      length = LENGTH_BITS'(3 + RUN_BITS);
    end else if (dbx == '1) begin
      length = LENGTH_BITS'(5);
    end else if (dbp == '0) begin
      code[CODE_BITS-1-:5] = 5'b00001;
      length = LENGTH_BITS'(5);
    end else if (dbx == first) begin
      code[CODE_BITS-1-:5+PLACE_BITS] = {5'b00011, place};
      length = LENGTH_BITS'(5 + PLACE_BITS);
    end else if (dbx == adjacent) begin
      code[CODE_BITS-1-:5+PLACE_BITS] = {5'b00010, place};
      length = LENGTH_BITS'(5 + PLACE_BITS);
    end else begin
      code[CODE_BITS-1-:BLOCK_WORDS] = {1'b1, dbx};
      length = LENGTH_BITS'(BLOCK_WORDS);
    end
    for (int i = 0; i < CODE_BITS; i++) reversed[i] = code[CODE_BITS-1-i];
  end

  always_ff @(posedge clk) begin
    if (!rst_n) busy <= 1'b0;
    else if (fetch) busy <= block_valid;
    if (fetch) begin
      base <= block_base;
      differences <= block_differences;
      above <= '0;
      empty <= block_empty;
      last <= block_last;
      step <= '0;
      zeros <= '0;
    end else if (go) begin
      zeros <= emit ? '0 : run;
      if (steps) begin
        step <= step + 1'b1;
        if (!is_base) begin
          above <= dbp;
          differences <= differences >> 1;
        end
      end
    end
  end

  difference_block #(
      .WORD_BITS(WORD_BITS),
      .BLOCK_WORDS(BLOCK_WORDS)
  ) block (
      .clk,
      .rst_n,
      .in_valid,
      .in_ready,
      .in_word,
      .in_keep,
      .in_last,
      .out_valid(block_valid),
      .out_ready(fetch),
      .out_base(block_base),
      .out_differences(block_differences),
      .out_empty(block_empty),
      .out_last(block_last)
  );

  bit_packer #(
      .CODE_BITS(CODE_BITS),
      .WORD_BITS(STREAM_BITS)
  ) packer (
      .clk,
      .rst_n,
      .in_valid(busy && emit),
      .in_ready(packer_ready),
      .in_code(reversed),
      .in_length(length),
      .in_last(last && ends),
      .out_valid,
      .out_ready,
      .out_word,
      .out_keep,
      .out_last
  );
endmodule
