// clamp((value * multiplier + half) >> shift, low, high) with half = 2^(shift - 1), 0 for shift 0
// (models/arithmetic/requantise.h). Four stages that move together.
module rescaler #(
    parameter int IN_BITS = 27,
    parameter int OUT_BITS = 12
) (
    input  logic                       clk,
    input  logic                       enable,
    input  logic signed [IN_BITS-1:0]  in_value,
    input  logic [30:0]                in_multiplier,
    input  logic [5:0]                 shift,
    input  logic signed [OUT_BITS-1:0] low,
    input  logic signed [OUT_BITS-1:0] high,
    output logic signed [OUT_BITS-1:0] out_value
);
  localparam int BITS = IN_BITS + 32;  // a product, and the carry of its rounding

  logic signed [BITS-1:0] product, rounded, shifted;
  logic [BITS-1:0] half;
  logic beyond, fits;

  // From there on half is more than any product, and the result 0.
  assign beyond = 32'(shift) >= BITS;
  assign half = (BITS'(1) << shift) >> 1;
  // All bits from the sign of a value of OUT_BITS on are alike.
  assign fits = (&shifted[BITS-1:OUT_BITS-1]) || !(|shifted[BITS-1:OUT_BITS-1]);

  always_ff @(posedge clk) begin
    if (enable) begin
      product <= BITS'(in_value * $signed({1'b0, in_multiplier}));
      rounded <= product + $signed(half);
      shifted <= rounded >>> shift;
      if (beyond) shifted <= '0;
      if (fits ? $signed(shifted[OUT_BITS-1:0]) < low : shifted[BITS-1]) out_value <= low;
      else if (!fits || $signed(shifted[OUT_BITS-1:0]) > high) out_value <= high;
      else out_value <= shifted[OUT_BITS-1:0];
    end
  end
endmodule
