// The sum of TERMS signed words, a register behind each level. A level adds pairs; a word that is
// left over moves on. All levels move together.
module adder_tree #(
    parameter int TERMS = 16,  // at least 2
    parameter int BITS = 21,
    localparam int LEVELS = $clog2(TERMS)
) (
    input  logic                          clk,
    input  logic                          enable,
    input  logic [TERMS*BITS-1:0]         in_terms,
    output logic signed [BITS+LEVELS-1:0] out_sum
);
  localparam int HALF = (TERMS + 1) / 2;
  logic [HALF*(BITS+1)-1:0] sums;

  for (genvar i = 0; i < HALF; i++) begin : g_sum
    logic signed [BITS-1:0] left, right;
    assign left = in_terms[2*i*BITS+:BITS];
    if (2 * i + 1 < TERMS) begin : g_pair
      assign right = in_terms[(2*i+1)*BITS+:BITS];
    end else begin : g_single
      assign right = '0;
    end
    always_ff @(posedge clk)
      if (enable) sums[i*(BITS+1)+:BITS+1] <= (BITS + 1)'(left) + (BITS + 1)'(right);
  end

  if (HALF == 1) begin : g_root
    assign out_sum = sums;
  end else begin : g_rest
    adder_tree #(
        .TERMS(HALF),
        .BITS (BITS + 1)
    ) rest (
        .clk,
        .enable,
        .in_terms(sums),
        .out_sum
    );
  end
endmodule
