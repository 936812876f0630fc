// The ZNZ stream of EBPC (models/codec/ebpc.h): `1` for a word other than zero, `0` and z - 1 for
// a run of z zeros. A run and the word that ends it are one code, so a word a clock goes in.
module zero_run_encoder #(
    parameter int RUN_BITS = 4,  // runs of up to 2^RUN_BITS
    parameter int STREAM_BITS = 8
) (
    input  logic                   clk,
    input  logic                   rst_n,
    input  logic                   in_valid,
    output logic                   in_ready,
    input  logic                   in_nonzero,
    input  logic                   in_last,
    output logic                   out_valid,
    input  logic                   out_ready,
    output logic [STREAM_BITS-1:0] out_word,  // first bit: bit 0
    output logic                   out_last
);
  localparam int CODE_BITS = RUN_BITS + 2;
  localparam int LENGTH_BITS = $clog2(CODE_BITS + 1);

  logic [RUN_BITS-1:0] zeros;  // that are not yet written
  logic [RUN_BITS-1:0] run;  // as the code says it
  logic [CODE_BITS-1:0] code;
  logic [LENGTH_BITS-1:0] length;
  logic pending, emit, packer_ready, unused_keep;

  always_comb begin
    pending = zeros != '0;
    emit = in_nonzero || in_last || (&zeros);
    run = zeros - {{RUN_BITS - 1{1'b0}}, in_nonzero};
    code = '0;
    if (in_nonzero && !pending) begin
      code[0] = 1'b1;
      length = LENGTH_BITS'(1);
    end else begin
      for (int i = 0; i < RUN_BITS; i++) code[1+i] = run[RUN_BITS-1-i];
      code[CODE_BITS-1] = in_nonzero;
      length = LENGTH_BITS'(RUN_BITS + 1) + LENGTH_BITS'(in_nonzero);
    end
  end

  assign in_ready = packer_ready || !emit;

  always_ff @(posedge clk) begin
    if (!rst_n) zeros <= '0;
    else if (in_valid && in_ready) zeros <= emit ? '0 : zeros + 1'b1;
  end

  bit_packer #(
      .CODE_BITS(CODE_BITS),
      .WORD_BITS(STREAM_BITS)
  ) packer (
      .clk,
      .rst_n,
      .in_valid(in_valid && emit),
      .in_ready(packer_ready),
      .in_code(code),
      .in_length(length),
      .in_last,
      .out_valid,
      .out_ready,
      .out_word,
      .out_keep(unused_keep),  // the last word always writes something
      .out_last
  );
endmodule
